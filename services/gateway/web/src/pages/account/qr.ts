/** A QR code as a path of an SVG. In a chunk of its own: it is loaded when one is drawn. */
import qrcode from "qrcode-generator";

/** The empty frame that scanners need, in modules (ISO/IEC 18004). */
export const QUIET = 4;

export interface Qr {
  /** Of the side with its frame, in modules. */
  readonly size: number;
  readonly path: string;
}

/** Neighbours in a row are one rectangle: no hairlines between them, and a path of half the length. */
export function qrOf(text: string): Qr {
  const code = qrcode(0, "M");
  code.addData(text, "Byte");
  code.make();
  const count = code.getModuleCount();
  const parts: string[] = [];
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      if (!code.isDark(row, column)) continue;
      const begin = column;
      while (column + 1 < count && code.isDark(row, column + 1)) column += 1;
      const width = column - begin + 1;
      parts.push(`M${begin + QUIET} ${row + QUIET}h${width}v1h-${width}z`);
    }
  }
  return { size: count + 2 * QUIET, path: parts.join("") };
}
