"""Letters from before Unicode: what is surely another script is read so, all else as the West writes."""

import pytest

from ui.uploads import Reading, read_table
from ui.uploads.encoding import SAMPLE_BYTES, decode

CYRILLIC = "Город;Население;Площадь\n" + "Москва;1,5;2,5\nКазань;3,5;4,5\nПермь;3,5;4,5\n" * 50
CHINESE = "城市,人口,面积\n" + "北京,1,2\n上海,3,4\n广州,5,6\n" * 50
JAPANESE = "都市,人口,面積\n" + "東京,1,2\n大阪,3,4\nさいたま,5,6\n" * 50

OTHERS = {
    "Cyrillic": (CYRILLIC, "cp1251"),
    "Chinese": (CHINESE, "gb18030"),
    "Chinese, short": ("身高,体重\n1,2\n3,4\n", "gb18030"),
    "Japanese": (JAPANESE, "shift_jis"),
    "Japanese, short": ("なまえ,x\nあい,1\nうえ,2\n", "shift_jis"),
}
WESTERN = {
    "German": "Größe;Gewicht;Straße\n" + "1,5;2,5;Müllerstraße\n3,5;4,5;Königsallee\n" * 50,
    "French": "Température;Année;Prénom\n" + "12,5;2001;Hélène\n13,5;2002;François\n" * 50,
    "Spanish": "Año,Niño,Peso\n2001,Muñoz,3\n2002,Pérez,4\n",
    "one name": "name,x,y\nJosé,1,2\nAnna,2,3\n" + "Bob,3,4\n" * 30,
    "degrees": "x,temp (°C)\n" + "1,20.5\n2,21\n" * 50,
    "micrometres": "x,width (µm)\n" + "1,20.5\n2,21\n" * 50,
    "euros": "x,price (€)\n" + "1,20.5\n2,21\n" * 50,
    "units alone": "°C,µm,±\n1,2,3\n4,5,6\n",
    "powers": "²³,½¼\n1,2\n",
    "quotes": "“a”,b—c\n1,2\n",
    "accents alone": "éà,öü,x\nÀÉ,2,3\n",
    "Icelandic": "Þóðæ;ððð\n1;2\n",
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_scripts_are_told_by_their_letters(name):
    text, encoding = OTHERS[name]
    decoded, found, remarks = decode(text.encode(encoding))
    assert (decoded.decode(), found) == (text, encoding)
    assert len(remarks) == 1
    assert "“Encoding”" in remarks[0]
    assert decode(text.encode(encoding), encoding) == (decoded, encoding, [])


@pytest.mark.parametrize("name", WESTERN)
def test_what_the_west_writes_is_never_taken_for_another_script(name):
    text = WESTERN[name]
    decoded, found, remarks = decode(text.encode("cp1252"))
    assert (decoded.decode(), found) == (text, "cp1252")
    assert remarks == [
        "The letters of this file are not in UTF-8, so they were read as Windows-1252 (Latin-1)."
    ]


@pytest.mark.parametrize("name", ["Cyrillic", "Chinese", "Japanese"])
def test_a_long_text_is_judged_by_whole_letters_of_its_beginning(name):
    text, encoding = OTHERS[name]
    for shift in range(3):
        long = "x" * shift + text * (SAMPLE_BYTES // len(text) + 2)
        assert decode(long.encode(encoding))[1] == encoding


def test_a_text_that_is_damaged_further_down_is_read_as_the_west_writes():
    content = CHINESE.encode("gb18030") * 100 + b"\xff\xff,1,2\n"
    decoded, encoding, _ = decode(content)
    assert encoding == "cp1252"
    assert decoded


def test_names_and_labels_have_their_letters():
    table = read_table("города.csv", CYRILLIC.encode("cp1251"))
    assert table.names == ("Город", "Население", "Площадь")
    assert table.reading == Reading(";", ",", "", 1, "cp1251")
    assert set(table.text_columns["Город"]) == {"Москва", "Казань", "Пермь"}
