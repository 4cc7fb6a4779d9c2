/** The first 16 hexadecimal digits of a container's id, by which netdoctor tells containers of a node apart (crictl shows 13). */
export const containerKey = (id: string): string => id.slice(0, 16);
