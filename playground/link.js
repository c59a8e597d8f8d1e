// A link that holds all of the page's input in its fragment, which no browser sends to a server.
const through = async (bytes, stream) =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());

export async function toFragment(input) {
  const packed = await through(new TextEncoder().encode(JSON.stringify(input)), new CompressionStream("deflate-raw"));
  let text = "";
  for (const byte of packed) text += String.fromCharCode(byte);
  return `code=${btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

export async function fromFragment(fragment) {
  const match = /^#?code=([\w-]+)$/.exec(fragment);
  if (!match) return null;
  const text = atob(match[1].replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
  const input = JSON.parse(new TextDecoder().decode(await through(bytes, new DecompressionStream("deflate-raw"))));
  const known = ["code", "release", "pins"].every((name) => typeof input?.[name] === "string");
  if (!known) throw new Error("the link holds no program");
  return input;
}
