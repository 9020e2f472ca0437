/** The documented file that says what the pipeline does. */
export const documentPath = (stateDir: string): string => `${stateDir}/pipeline_progress.json`;
