/** A JSON text; null if it is none. */
export const parseJsonBody = (text: string): { readonly value: unknown } | null => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
};
