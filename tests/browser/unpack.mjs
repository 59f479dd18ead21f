// Writes the Chromium that the package carries, and the libraries it needs, where they can be run: `node unpack.mjs FOLDER`.
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";

const packed = join(import.meta.dirname, "node_modules/@sparticuz/chromium/bin");
const unpack = promisify(brotliDecompress);
const [folder] = process.argv.slice(2);

for (const [from, to] of [["chromium.br", "chromium"], ["al2023.tar.br", "libraries.tar"]]) {
  await writeFile(join(folder, to), await unpack(await readFile(join(packed, from))));
}
await chmod(join(folder, "chromium"), 0o755);
