const mebibyte = 1024 * 1024;

/** Limits of each process of a submission, in the words of prlimit: older ones read plain numbers of bytes and seconds only. */
export const limits = [`--data=${1024 * mebibyte}`, '--nproc=256', '--nofile=512', `--fsize=${16 * mebibyte}`, '--core=0', '--cpu=60'];
