/** Calls the function at the first use and remembers what it returned. A promise that rejects is forgotten, so that the next use tries again. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    if (made === undefined) {
      made = { value: make() };
      if (made.value instanceof Promise)
        made.value.catch(() => {
          made = undefined;
        });
    }
    return made.value;
  };
}
