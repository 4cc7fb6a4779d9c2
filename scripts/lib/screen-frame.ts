/** What a terminal shows from one time on. */
export interface ScreenFrame {
  /** Seconds since the beginning, with long waits shortened. */
  readonly at: number;
  /** From the top; what is below the last of them is empty. */
  readonly rows: readonly ScreenRow[];
  /** Where the cursor is, unless it is hidden. */
  readonly cursor: { readonly row: number; readonly column: number } | null;
}

/** The pieces of one row, from the left; empty for an empty row. */
export type ScreenRow = readonly ScreenPiece[];

/** Text of one style that can be placed by itself: it neither begins nor ends with a space, and no two spaces are side by side in it. */
export interface ScreenPiece {
  readonly column: number;
  /** In columns. */
  readonly width: number;
  readonly text: string;
  readonly style: ScreenStyle;
}

/** How text looks. Backgrounds are not kept. */
export interface ScreenStyle {
  /** One of the 16 colours of ANSI, or that of plain text. */
  readonly color: number | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly underline: boolean;
}
