/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What sparse 0.6.4 does not know of newer kernels' headers, in words that it
 * knows. It says nothing of a file in which it does not understand a header.
 */
#define __typeof_unqual__ __typeof__

/*
 * Headers assert the length of a string literal, which is no constant to
 * sparse. Of a pointer it is what it was.
 */
#define __builtin_strlen(string)						\
	__builtin_choose_expr(						\
		__builtin_types_compatible_p(__typeof__(string),	\
					     __typeof__(&(string)[0])),	\
		__builtin_strlen(string), sizeof(string) - 1)
