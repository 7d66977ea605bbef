/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What sparse 0.6.4 does not know of newer kernels' headers, in words that it
 * knows. It says nothing of a file in which it does not understand a header.
 */
#define __typeof_unqual__ __typeof__
#define __builtin_strlen(string) (sizeof(string) - 1)
