// SPDX-License-Identifier: GPL-2.0-only
#include "copies.h"

#define CRC32C_POLYNOMIAL	0x82f63b78U /* the first coefficient is the highest bit */
#define UNIT			64

/* x^(512 << i) modulo the polynomial: what UNIT << i bytes of zeros do to a checksum. */
static const u32 zeros[] = {
	0xb82be955, 0xb8fdb1e7, 0x88e56f72, 0x74c360a4, 0xe4172b16, 0x0d65762a,
};

static u32 multiply(u32 a, u32 b)
{
	u32 product = 0;

	for (; a; a <<= 1) {
		if (a & 0x80000000)
			product ^= b;
		b = b & 1 ? b >> 1 ^ CRC32C_POLYNOMIAL : b >> 1;
	}
	return product;
}

static bool is_zero(const u64 *unit)
{
	u64 bits = 0;
	size_t i;

	for (i = 0; i < UNIT / sizeof(*unit); i++)
		bits |= unit[i];
	return !bits;
}

/* Most blocks end in zeros, which a checksum can do without looking at each. */
static size_t without_zeros(const void *block, size_t size)
{
	while (size > UNIT && is_zero(block + size - UNIT))
		size -= UNIT;
	return size;
}

/* The checksum goes on over so many zeros. */
static u32 append_zeros(u32 crc, size_t length)
{
	size_t i;

	for (i = 0; length >> i >= UNIT; i++)
		if (length >> i & UNIT)
			crc = multiply(crc, zeros[i]);
	return crc;
}

/**
 * holdfast_block_checksum() - checksum of a block
 * @block: the block, at a multiple of 8 bytes
 * @size: its size, in bytes, a multiple of 64, less than 8 KiB
 * @checksum_at: offset of its little-endian 32-bit checksum field, in bytes
 *
 * Return: CRC32C of the block with the checksum field taken as zero.
 */
u32 holdfast_block_checksum(const void *block, size_t size, size_t checksum_at)
{
	static const u8 zero[sizeof(__le32)];
	size_t used = without_zeros(block, size);
	size_t after = checksum_at + sizeof(zero);
	const u8 *bytes = block;
	u32 crc = ~0U;

	crc = holdfast_crc32c(crc, bytes, checksum_at);
	crc = holdfast_crc32c(crc, zero, sizeof(zero));
	crc = holdfast_crc32c(crc, bytes + after, used - after);
	return ~append_zeros(crc, size - used);
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

/*
 * The checksum is a discrete store after the rest: string instructions may
 * store the rest in any order.
 */
static void store_copy(void *copy, const void *block, size_t size,
		       size_t checksum_at, u32 checksum)
{
	__le32 *stored = copy + checksum_at;
	size_t after = checksum_at + sizeof(*stored);

	holdfast_store_le32(stored, ~*stored);
	holdfast_store_barrier();
	holdfast_store_bytes(copy, block, checksum_at);
	holdfast_store_bytes(copy + after, block + after, size - after);
	holdfast_store_barrier();
	holdfast_store_le32(stored, cpu_to_le32(checksum));
	holdfast_store_barrier();
}

/**
 * holdfast_block_store() - overwrite one copy so that a stop leaves it invalid
 * @copy: the copy, in the region
 * @block: what to store; its own checksum field is not read
 * @size: size of both, in bytes
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
 * @size: size of each, in bytes
 * @checksum_at: offset of the checksum field, in bytes
 */
void holdfast_block_store_both(void *first, void *second, const void *block,
			       size_t size, size_t checksum_at)
{
	u32 checksum = holdfast_block_checksum(block, size, checksum_at);

	store_copy(first, block, size, checksum_at, checksum);
	store_copy(second, block, size, checksum_at, checksum);
}
