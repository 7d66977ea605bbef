// SPDX-License-Identifier: GPL-2.0-only
#include "copies.h"

#define CRC32C_POLYNOMIAL	0x82f63b78U /* the first coefficient is the highest bit */
#define UNIT			64
#define ZEROS			32

/* x^(512 * (i + 1)) modulo the polynomial: what i + 1 units of zeros do to a checksum. */
static const u32 zeros[ZEROS] = {
	0xb82be955, 0xb8fdb1e7, 0x18e4a304, 0x88e56f72,
	0x9030a49c, 0x67db2c4a, 0xe744dcb2, 0x74c360a4,
	0x8e9906a7, 0xb469724f, 0x24d84074, 0x631bb273,
	0xee2a2d56, 0x654f84e7, 0x629069c6, 0xe4172b16,
	0xd3cb2137, 0x4f47bf52, 0x35202632, 0x71892b1b,
	0xd27285db, 0x69c2af09, 0xd271158e, 0x835305c9,
	0xeaa500ac, 0x0e36a726, 0x46951631, 0x196b1eae,
	0x584ea70d, 0x15e8653c, 0xb5a65826, 0x0d65762a,
};

/* Without branches: which way they would go is as good as random. */
static u32 multiply(u32 a, u32 b)
{
	u32 product = 0;
	int bit;

	for (bit = 31; bit >= 0; bit--) {
		product ^= b & -(a >> bit & 1);
		b = b >> 1 ^ (CRC32C_POLYNOMIAL & -(b & 1));
	}
	return product;
}

static bool is_zero(const u64 *unit)
{
	return !(unit[0] | unit[1] | unit[2] | unit[3] |
		 unit[4] | unit[5] | unit[6] | unit[7]);
}

/* Length of the units from an offset on that are zero, or that are not. */
static size_t run_of(const void *block, size_t at, size_t size, bool zero)
{
	size_t end = at;

	while (end < size && is_zero(block + end) == zero)
		end += UNIT;
	return end - at;
}

/* The checksum goes on over so many zeros. */
static u32 append_zeros(u32 crc, size_t length)
{
	size_t units = length / UNIT;

	for (; units > ZEROS; units -= ZEROS)
		crc = multiply(crc, zeros[ZEROS - 1]);
	return units ? multiply(crc, zeros[units - 1]) : crc;
}

/**
 * holdfast_block_checksum() - checksum of a block
 * @block: the block, at a multiple of 8 bytes
 * @size: its size, in bytes, a multiple of 64
 * @checksum_at: offset of its little-endian 32-bit checksum field, in bytes, in
 *	the first 64
 *
 * Most of a block is zero, and zeros need not be looked at byte by byte.
 *
 * Return: CRC32C of the block with the checksum field taken as zero.
 */
u32 holdfast_block_checksum(const void *block, size_t size, size_t checksum_at)
{
	size_t at = UNIT, run;
	u8 first[UNIT];
	u32 crc;

	memcpy(first, block, UNIT);
	memset(first + checksum_at, 0, sizeof(__le32));
	crc = holdfast_crc32c(~0U, first, UNIT);
	while (at < size) {
		run = run_of(block, at, size, true);
		crc = append_zeros(crc, run);
		at += run;
		run = run_of(block, at, size, false);
		crc = holdfast_crc32c(crc, block + at, run);
		at += run;
	}
	return ~crc;
}

/* All of one is read before the other: see holdfast_blocks_equal(). */
static bool units_equal(const u64 *a, const u64 *b)
{
	u64 a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3];
	u64 a4 = a[4], a5 = a[5], a6 = a[6], a7 = a[7];

	barrier();
	return !((a0 ^ b[0]) | (a1 ^ b[1]) | (a2 ^ b[2]) | (a3 ^ b[3]) |
		 (a4 ^ b[4]) | (a5 ^ b[5]) | (a6 ^ b[6]) | (a7 ^ b[7]));
}

/**
 * holdfast_blocks_equal() - do two blocks hold the same?
 * @a: one block, at a multiple of 8 bytes
 * @b: the other, likewise
 * @size: size of each, in bytes, a multiple of 64
 *
 * Copies lie a power of two apart, where they compete for the same entries of
 * caches: the blocks take turns by lines, not by words.
 *
 * Return: true if they are equal.
 */
bool holdfast_blocks_equal(const void *a, const void *b, size_t size)
{
	size_t at;

	for (at = 0; at < size; at += UNIT)
		if (!units_equal(a + at, b + at))
			return false;
	return true;
}

/**
 * holdfast_block_intact() - does a block carry its own checksum?
 * @block: the block
 * @size: its size, in bytes
 * @checksum_at: offset of its checksum field, in bytes
 *
 * Return: true if the checksum is right.
 */
bool holdfast_block_intact(const void *block, size_t size, size_t checksum_at)
{
	const __le32 *stored = block + checksum_at;

	return le32_to_cpu(*stored) ==
	       holdfast_block_checksum(block, size, checksum_at);
}

/* What is the same already is not stored: most of a block never changes. */
static void store_changes(void *copy, const void *block, size_t from, size_t to)
{
	size_t at;

	for (at = from; at < to; at += UNIT)
		if (!units_equal(copy + at, block + at))
			memcpy(copy + at, block + at, UNIT);
}

/*
 * The checksum is a discrete store after the rest: string instructions may
 * store the rest in any order. The halves of the rest need no order; between
 * them is where a test stops, whatever has changed.
 */
static void store_copy(void *copy, const void *block, size_t size,
		       size_t checksum_at, u32 checksum)
{
	__le32 *stored = copy + checksum_at;
	size_t after = checksum_at + sizeof(*stored);

	holdfast_store_le32(stored, ~*stored);
	holdfast_store_barrier();
	holdfast_store_bytes(copy, block, checksum_at);
	holdfast_store_bytes(copy + after, block + after, UNIT - after);
	store_changes(copy, block, UNIT, size / 2);
	holdfast_store_barrier();
	store_changes(copy, block, size / 2, size);
	holdfast_store_barrier();
	holdfast_store_le32(stored, cpu_to_le32(checksum));
	holdfast_store_barrier();
}

/**
 * holdfast_block_store() - overwrite one copy so that a stop leaves it invalid
 * @copy: the copy, in the region
 * @block: what to store; its own checksum field is not read
 * @size: size of both, in bytes, a multiple of 128
 * @checksum_at: offset of the checksum field, in bytes
 */
void holdfast_block_store(void *copy, const void *block, size_t size,
			  size_t checksum_at)
{
	store_copy(copy, block, size, checksum_at,
		   holdfast_block_checksum(block, size, checksum_at));
}

/**
 * holdfast_block_store_both() - overwrite one copy, and then the other
 * @first: the copy that is stored first, in the region
 * @second: the other one
 * @block: what to store; its own checksum field is not read
 * @size: size of each, in bytes, a multiple of 128
 * @checksum_at: offset of the checksum field, in bytes
 */
void holdfast_block_store_both(void *first, void *second, const void *block,
			       size_t size, size_t checksum_at)
{
	u32 checksum = holdfast_block_checksum(block, size, checksum_at);

	store_copy(first, block, size, checksum_at, checksum);
	store_copy(second, block, size, checksum_at, checksum);
}
