/** "1 network namespace", "12 network namespaces". */
export const spacesText = (count: number): string => `${count} network namespace${count === 1 ? '' : 's'}`;
