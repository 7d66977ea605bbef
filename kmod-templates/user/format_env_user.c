// SPDX-License-Identifier: GPL-2.0-only
#include "format_env_user.h"

#define CRC32C_POLYNOMIAL	0x82f63b78

jmp_buf format_stop;
long format_stores_left = -1;

void format_before_store(void)
{
	if (format_stores_left >= 0 && format_stores_left-- == 0)
		longjmp(format_stop, 1);
}

/* table[n][byte]: what a byte does to the checksum when n more have followed. */
static u32 table[8][256];

__attribute__((constructor)) static void fill_table(void)
{
	u32 byte, i;

	for (byte = 0; byte < 256; byte++) {
		u32 crc = byte;

		for (i = 0; i < 8; i++)
			crc = crc & 1 ? crc >> 1 ^ CRC32C_POLYNOMIAL : crc >> 1;
		table[0][byte] = crc;
	}
	for (i = 1; i < 8; i++)
		for (byte = 0; byte < 256; byte++)
			table[i][byte] = table[i - 1][byte] >> 8 ^
					 table[0][(u8)table[i - 1][byte]];
}

u32 holdfast_crc32c(u32 crc, const void *data, size_t length)
{
	const u8 *byte = data;

	/* Eight at a time: a fuzzer spends most of its time here. */
	for (; length >= 8; length -= 8, byte += 8)
		crc = table[7][(u8)(crc ^ byte[0])] ^
		      table[6][(u8)(crc >> 8 ^ byte[1])] ^
		      table[5][(u8)(crc >> 16 ^ byte[2])] ^
		      table[4][(u8)(crc >> 24 ^ byte[3])] ^
		      table[3][byte[4]] ^ table[2][byte[5]] ^
		      table[1][byte[6]] ^ table[0][byte[7]];
	while (length--)
		crc = crc >> 8 ^ table[0][(u8)(crc ^ *byte++)];
	return crc;
}
