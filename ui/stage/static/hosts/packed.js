// What lies in a page as text, and was bytes before: base64 of gzip.

/**
 * The bytes in the element `id`.
 * @param {string} id
 */
export async function unpack(id) {
  const packed = Uint8Array.from(atob(document.getElementById(id)?.textContent ?? ""), (letter) =>
    letter.charCodeAt(0),
  );
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
