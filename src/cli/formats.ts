/** The forms in which a report is printed, by their names after -o. */
export const formats = ['table', 'json', 'yaml'] as const;
