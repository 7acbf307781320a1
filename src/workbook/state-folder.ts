/** The folder of a workbook that is ours: progress, runs, backups. Where it is, there is a workbook. */
export const stateFolder = '.mongo-course';
