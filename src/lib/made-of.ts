/** What is made of something that is another now and then: made anew only when it is asked for and that is another. */
export const madeOf = <A, B>(now: () => A, make: (of: A) => B): (() => B) => {
  let last: { readonly of: A; readonly made: B } | null = null;
  return () => {
    const of = now();
    if (last === null || last.of !== of) last = { of, made: make(of) };
    return last.made;
  };
};
