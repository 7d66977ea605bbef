// SPDX-License-Identifier: GPL-2.0-only
#include "superblock.h"
#include "copies.h"
#include "ranges.h"
#include "retired.h"

#define CHECKSUM_AT	offsetof(struct holdfast_superblock, checksum)
#define DATA_ALIGN	0x200000ULL
<#if options.has("raw-device")>
#define BYTES_PER_SLOT	0x40000ULL
#define SLOTS_DEFAULT	65536U
</#if>

static const struct holdfast_superblock *copy_at(const void *head, u32 index)
{
	return head + index * HOLDFAST_SUPERBLOCK_COPY_STRIDE;
}

static u64 table_size(u32 record_slots)
{
	return (u64)record_slots * sizeof(struct holdfast_record);
}

static u64 data_offset(u32 record_slots)
{
	u64 end = HOLDFAST_TABLE_OFFSET + 2 * table_size(record_slots);

	return (end + DATA_ALIGN - 1) & ~(DATA_ALIGN - 1);
}

/* The format leaves no choice but the size and the number of slots. */
static bool geometry_fits(const struct holdfast_superblock *sb, u64 base)
{
	u32 slots = le32_to_cpu(sb->record_slots);
	u64 size = le64_to_cpu(sb->size);

	return le64_to_cpu(sb->base) == base &&
	       size >= HOLDFAST_REGION_MIN_SIZE &&
	       size % HOLDFAST_REGION_ALIGN == 0 &&
	       base + size > base &&
	       slots >= HOLDFAST_RECORD_SLOTS_MIN &&
	       slots <= HOLDFAST_RECORD_SLOTS_MAX &&
	       le32_to_cpu(sb->record_size) == sizeof(struct holdfast_record) &&
	       le64_to_cpu(sb->table_a) == HOLDFAST_TABLE_OFFSET &&
	       le64_to_cpu(sb->table_b) ==
			HOLDFAST_TABLE_OFFSET + table_size(slots) &&
	       le64_to_cpu(sb->data_offset) == data_offset(slots) &&
	       data_offset(slots) < size &&
	       !sb->label[sizeof(sb->label) - 1] &&
	       !sb->writer_release[sizeof(sb->writer_release) - 1];
}

static enum holdfast_verdict verify(const struct holdfast_superblock *sb,
				    u64 base)
{
	if (le64_to_cpu(sb->magic) != HOLDFAST_SUPERBLOCK_MAGIC)
		return HOLDFAST_ABSENT;
	if (!holdfast_block_intact(sb, sizeof(*sb), CHECKSUM_AT))
		return HOLDFAST_DAMAGED;
	if (le32_to_cpu(sb->version) > HOLDFAST_FORMAT_VERSION)
		return HOLDFAST_FUTURE;
	if (holdfast_unknown_incompat(sb))
		return HOLDFAST_UNKNOWN_FEATURE;
	if (le32_to_cpu(sb->version) < HOLDFAST_FORMAT_VERSION_OLDEST ||
	    !geometry_fits(sb, base) || !holdfast_ranges_valid(sb) ||
	    !holdfast_retired_valid(sb))
		return HOLDFAST_DAMAGED;
	return HOLDFAST_VALID;
}

static bool intact(enum holdfast_verdict verdict)
{
	return verdict != HOLDFAST_ABSENT && verdict != HOLDFAST_DAMAGED;
}

/**
 * holdfast_superblock_find() - choose between the copies of the superblock
 * @head: first HOLDFAST_HEAD_SIZE bytes of the region
 * @base: physical address of the region, in bytes
 * @sb: where the chosen copy goes, if one is intact
 * @bad_copies: out: how many copies are not intact; may be NULL
 *
 * The intact copy with the higher generation speaks for the region, even if
 * what it says is that this module must keep away. A region whose superblocks
 * lost even their magic is still recognised by its root record, so that it is
 * never mistaken for free memory.
 *
 * Return: the verdict.
 */
enum holdfast_verdict holdfast_superblock_find(const void *head, u64 base,
					       struct holdfast_superblock *sb,
					       u32 *bad_copies)
{
	const struct holdfast_superblock *a = copy_at(head, 0);
	const struct holdfast_superblock *b = copy_at(head, 1);
	const struct holdfast_record *root = head + HOLDFAST_TABLE_OFFSET;
	enum holdfast_verdict of_a = verify(a, base);
	enum holdfast_verdict of_b = verify(b, base);
	bool take_b = intact(of_b) &&
		      (!intact(of_a) || le64_to_cpu(b->generation) >
					le64_to_cpu(a->generation));

	if (bad_copies)
		*bad_copies = !intact(of_a) + !intact(of_b);
	if (intact(of_a) || intact(of_b)) {
		memcpy(sb, take_b ? b : a, sizeof(*sb));
		return take_b ? of_b : of_a;
	}
	if (of_a == HOLDFAST_DAMAGED || of_b == HOLDFAST_DAMAGED ||
	    le32_to_cpu(root->magic) == HOLDFAST_RECORD_MAGIC)
		return HOLDFAST_DAMAGED;
	return HOLDFAST_ABSENT;
}

<#if options.has("raw-device")>
/**
 * holdfast_superblock_init() - lay out a new region
 * @sb: the superblock to fill; not yet stored anywhere
 * @base: physical address of the region, in bytes
 * @size: size of the region, in bytes, at least HOLDFAST_REGION_MIN_SIZE
 * @record_slots: slots of the record table; 0 chooses one for 256 KiB
 *
 * The caller adds identity and names. If the slots asked for leave no room for
 * data, data_offset is not below @size.
 */
void holdfast_superblock_init(struct holdfast_superblock *sb, u64 base,
			      u64 size, u32 record_slots)
{
	u64 slots = record_slots;

	if (!slots) {
		slots = size / BYTES_PER_SLOT;
		if (slots < HOLDFAST_RECORD_SLOTS_MIN)
			slots = HOLDFAST_RECORD_SLOTS_MIN;
		if (slots > SLOTS_DEFAULT)
			slots = SLOTS_DEFAULT;
	}

	memset(sb, 0, sizeof(*sb));
	sb->magic = cpu_to_le64(HOLDFAST_SUPERBLOCK_MAGIC);
	sb->version = cpu_to_le32(HOLDFAST_FORMAT_VERSION);
	sb->base = cpu_to_le64(base);
	sb->size = cpu_to_le64(size);
	sb->record_slots = cpu_to_le32(slots);
	sb->record_size = cpu_to_le32(sizeof(struct holdfast_record));
	sb->table_a = cpu_to_le64(HOLDFAST_TABLE_OFFSET);
	sb->table_b = cpu_to_le64(HOLDFAST_TABLE_OFFSET + table_size(slots));
	sb->data_offset = cpu_to_le64(data_offset(slots));
}

</#if>
/**
 * holdfast_superblock_commit() - store the superblock
 * @head: start of the region
 * @sb: the superblock; its generation goes up by one
 *
 * The copy that speaks for the region is overwritten last: the other may be bad.
 */
void holdfast_superblock_commit(void *head, struct holdfast_superblock *sb)
{
	const struct holdfast_superblock *a = copy_at(head, 0);
	bool a_speaks = a->generation == sb->generation &&
			intact(verify(a, le64_to_cpu(sb->base)));
	u32 i;

	sb->generation = cpu_to_le64(le64_to_cpu(sb->generation) + 1);
	for (i = 0; i < 2; i++)
		holdfast_block_store(head + (i ^ a_speaks) *
				     HOLDFAST_SUPERBLOCK_COPY_STRIDE,
				     sb, sizeof(*sb), CHECKSUM_AT);
}
<#if options.has("raw-device")>

/**
 * holdfast_superblock_erase() - make a region no region
 * @head: start of the region
 */
void holdfast_superblock_erase(void *head)
{
	u32 index;

	for (index = 0; index < 2; index++)
		memset(head + index * HOLDFAST_SUPERBLOCK_COPY_STRIDE, 0,
		       sizeof(struct holdfast_superblock));
	holdfast_store_barrier();
}
</#if>
