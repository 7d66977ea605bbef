// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the format rooms in user space. A stop of the machine is a longjmp
 * out of the middle of a commit, at each place in turn.
 */
#include <stdio.h>
#include <stdlib.h>

#include "copies.h"
#include "leaves.h"
#include "ranges.h"
#include "records.h"
#include "retired.h"
#include "superblock.h"

#define BASE	0x100000000ULL
#define SIZE	HOLDFAST_REGION_MIN_SIZE

#define check(condition) \
	((condition) ? (void)checks++ : fail(__func__, __LINE__, #condition))

/* More stores than a commit has: nothing stops it. */
#define MANY_STORES	1000

static unsigned long checks;

/* How many stores the last commit had that nothing stopped: half for each copy. */
static long stores;

/* A commit has ended, or was stopped before a store. */
static void end_commit(long stop_at)
{
	if (format_stores_left >= 0)
		stores = stop_at - format_stores_left;
	format_stores_left = -1;
}

/* From a commit that nothing stops to one that stops before its first store. */
static long earlier(long stop_at)
{
	return (stop_at < stores ? stop_at : stores) - 1;
}

/* Is the first copy stored, up to its checksum? A barrier follows. */
static bool committed_before(long stop_at)
{
	return stop_at >= stores / 2 - 1;
}

static void fail(const char *where, int line, const char *what)
{
	printf("FAIL %s:%d: %s\n", where, line, what);
	exit(1);
}

static void flip(void *memory, size_t bit)
{
	((u8 *)memory)[bit / 8] ^= 1 << bit % 8;
}

static void test_checksum_is_crc32c(void)
{
	/* The check value of CRC-32C, with the field behind the text. */
	u8 text[] = "123456789";

	check((~holdfast_crc32c(~0U, text, 9)) == 0xe3069283);
}

/* The checksum passes over zeros, but is the same. */
static void test_checksum_of_zeros(void)
{
	_Alignas(8) u8 block[4096] = {};
	size_t size, at;

	for (size = 64; size <= sizeof(block); size += 64)
		check(holdfast_block_checksum(block, size, 4) ==
		      ~holdfast_crc32c(~0U, block, size));
	for (at = 8; at < sizeof(block); at++) {
		block[at] = at | 1;
		check(holdfast_block_checksum(block, sizeof(block), 4) ==
		      ~holdfast_crc32c(~0U, block, sizeof(block)));
		/* What stays makes zeros in the middle, of every length. */
		if (at % 97)
			block[at] = 0;
	}
}

struct region {
	u8 *memory;
	struct holdfast_superblock sb;
	struct holdfast_records records;
};

static struct region make_region(void)
{
	struct region region = { .memory = calloc(1, 16 << 20) };

	holdfast_superblock_init(&region.sb, BASE, SIZE, 0);
	holdfast_superblock_commit(region.memory, &region.sb);
	/* The copy in the region stays where it is. */
	holdfast_records_init(&region.records, region.memory,
			      (const void *)region.memory);
	return region;
}

static enum holdfast_verdict find(const struct region *region, u32 *bad)
{
	struct holdfast_superblock sb;

	return holdfast_superblock_find(region->memory, BASE, &sb, bad);
}

static void test_every_bit_of_a_superblock_counts(void)
{
	struct region region = make_region();
	u32 copy, bit, bad;

	check(find(&region, &bad) == HOLDFAST_VALID && bad == 0);
	for (copy = 0; copy < 2; copy++) {
		u8 *at = region.memory + copy * HOLDFAST_SUPERBLOCK_COPY_STRIDE;

		for (bit = 0; bit < 8 * sizeof(region.sb); bit += 37) {
			flip(at, bit);
			check(find(&region, &bad) == HOLDFAST_VALID && bad == 1);
			flip(at, bit);
		}
	}
	flip(region.memory, 900);
	flip(region.memory + HOLDFAST_SUPERBLOCK_COPY_STRIDE, 1000);
	check(find(&region, &bad) == HOLDFAST_DAMAGED && bad == 2);
	free(region.memory);
}

static void test_foreign_superblocks_are_told_apart(void)
{
	struct region region = make_region();
	struct holdfast_superblock sb = region.sb;
	u8 *empty = calloc(1, 16 << 20);

	check(holdfast_superblock_find(empty, BASE, &sb, NULL) ==
	      HOLDFAST_ABSENT);
	free(empty);
	check(holdfast_superblock_find(region.memory, BASE + SIZE, &sb, NULL) ==
	      HOLDFAST_DAMAGED);

	sb = region.sb;
	sb.incompat = cpu_to_le64(1ULL << 63);
	holdfast_superblock_commit(region.memory, &sb);
	check(find(&region, NULL) == HOLDFAST_UNKNOWN_FEATURE);
	check(holdfast_unknown_incompat(&sb) == 1ULL << 63);
	sb.version = cpu_to_le32(HOLDFAST_FORMAT_VERSION + 1);
	holdfast_superblock_commit(region.memory, &sb);
	check(find(&region, NULL) == HOLDFAST_FUTURE);
	sb = region.sb;
	sb.version = cpu_to_le32(HOLDFAST_FORMAT_VERSION_OLDEST - 1);
	sb.generation = cpu_to_le64(9);
	holdfast_superblock_commit(region.memory, &sb);
	check(find(&region, NULL) == HOLDFAST_DAMAGED);
	sb = region.sb;
	sb.size = cpu_to_le64(SIZE + 4096);
	sb.generation = cpu_to_le64(99);
	holdfast_superblock_commit(region.memory, &sb);
	check(find(&region, NULL) == HOLDFAST_DAMAGED);
	free(region.memory);
}

/* What a newer module wrote stays there when this one commits. */
static void test_features_that_may_be_ignored_are_kept(void)
{
	struct region region = make_region();
	struct holdfast_superblock sb = region.sb, found;
	u32 copy;

	sb.compat = cpu_to_le64(1ULL << 63);
	sb.ro_compat = cpu_to_le64(1ULL << 62);
	memset(sb.reserved, 0xa5, sizeof(sb.reserved));
	holdfast_superblock_commit(region.memory, &sb);
	check(find(&region, NULL) == HOLDFAST_VALID);
	check(holdfast_superblock_find(region.memory, BASE, &found, NULL) ==
	      HOLDFAST_VALID);
	check(!holdfast_unknown_incompat(&found));
	check(holdfast_unknown_ro_compat(&found) == 1ULL << 62);

	holdfast_superblock_commit(region.memory, &found);
	for (copy = 0; copy < 2; copy++) {
		struct holdfast_superblock *at = (void *)region.memory +
			copy * HOLDFAST_SUPERBLOCK_COPY_STRIDE;

		check(le64_to_cpu(at->generation) ==
		      le64_to_cpu(sb.generation) + 1);
		check(at->compat == sb.compat && at->ro_compat == sb.ro_compat);
		check(!memcmp(at->reserved, sb.reserved, sizeof(sb.reserved)));
	}
	free(region.memory);
}

static void test_a_region_without_magic_is_not_free_memory(void)
{
	struct region region = make_region();
	struct holdfast_record root = {
		.supersedes = cpu_to_le64(HOLDFAST_NO_RECORD),
		.type = cpu_to_le32(HOLDFAST_RECORD_TYPE_DIRECTORY),
	};

	holdfast_records_commit(&region.records, &root);
	flip(region.memory, 0);
	flip(region.memory + HOLDFAST_SUPERBLOCK_COPY_STRIDE, 1);
	check(find(&region, NULL) == HOLDFAST_DAMAGED);
	holdfast_superblock_erase(region.memory);
	memset(region.records.a, 0, sizeof(root));
	check(find(&region, NULL) == HOLDFAST_ABSENT);
	free(region.memory);
}

static void test_a_superblock_commit_stops_anywhere(void)
{
	volatile long stop_at;

	for (stop_at = MANY_STORES; stop_at >= 0; stop_at = earlier(stop_at)) {
		struct region region = make_region();
		struct holdfast_superblock next = region.sb, found;

		next.label[0] = 'n';
		format_stores_left = stop_at;
		if (!setjmp(format_stop))
			holdfast_superblock_commit(region.memory, &next);
		end_commit(stop_at);
		check(holdfast_superblock_find(region.memory, BASE, &found,
					       NULL) == HOLDFAST_VALID);
		check(found.label[0] == (le64_to_cpu(found.generation) == 2 ?
					 'n' : 0));
		if (committed_before(stop_at))
			check(found.label[0] == 'n');
		free(region.memory);
	}
}

static struct holdfast_record make_file(const struct region *region, u64 number)
{
	struct holdfast_record file = {
		.number = cpu_to_le64(number),
		.supersedes = cpu_to_le64(HOLDFAST_NO_RECORD),
		.type = cpu_to_le32(HOLDFAST_RECORD_TYPE_FILE),
		.mode = cpu_to_le32(0644),
		.size = cpu_to_le64(5000),
		.extent_count = cpu_to_le32(2),
		.name_length = cpu_to_le32(4),
		.name = "file",
	};

	file.extents[0].region_offset = region->sb.data_offset;
	file.extents[0].length = cpu_to_le64(4096);
	file.extents[1].file_offset = cpu_to_le64(4096);
	file.extents[1].region_offset =
		cpu_to_le64(le64_to_cpu(region->sb.data_offset) + 0x10000);
	file.extents[1].length = cpu_to_le64(8192);
	return file;
}

static enum holdfast_slot get(const struct region *region, u64 number)
{
	const struct holdfast_record *chosen;

	return holdfast_records_get(&region->records, number, &chosen);
}

static void test_every_bit_of_a_record_counts(void)
{
	struct region region = make_region();
	struct holdfast_record file = make_file(&region, 7);
	u32 bit;

	check(get(&region, 7) == HOLDFAST_SLOT_UNUSED);
	holdfast_records_commit(&region.records, &file);
	check(get(&region, 7) == HOLDFAST_SLOT_USED);
	check(holdfast_records_in_step(&region.records, 7));
	for (bit = 0; bit < 8 * sizeof(file); bit += 13) {
		flip(&region.records.a[7], bit);
		check(get(&region, 7) == HOLDFAST_SLOT_USED);
		check(!holdfast_records_in_step(&region.records, 7));
		flip(&region.records.b[7], bit);
		check(get(&region, 7) == HOLDFAST_SLOT_DAMAGED);
		flip(&region.records.a[7], bit);
		check(get(&region, 7) == HOLDFAST_SLOT_USED);
		holdfast_records_repair(&region.records, 7);
		check(holdfast_records_in_step(&region.records, 7));
	}
	free(region.memory);
}

static void test_a_record_commit_stops_anywhere(void)
{
	volatile long stop_at;

	for (stop_at = MANY_STORES; stop_at >= 0; stop_at = earlier(stop_at)) {
		struct region region = make_region();
		struct holdfast_record file = make_file(&region, 7), next;
		const struct holdfast_record *chosen = NULL;

		holdfast_records_commit(&region.records, &file);
		next = file;
		next.name[0] = 'n';
		format_stores_left = stop_at;
		if (!setjmp(format_stop))
			holdfast_records_commit(&region.records, &next);
		end_commit(stop_at);
		check(holdfast_records_get(&region.records, 7, &chosen) ==
		      HOLDFAST_SLOT_USED);
		check(chosen->name[0] == (le64_to_cpu(chosen->sequence) == 2 ?
					  'n' : 'f'));
		if (committed_before(stop_at))
			check(chosen->name[0] == 'n');
		free(region.memory);
	}
}

static void test_a_first_commit_stops_anywhere(void)
{
	volatile long stop_at;

	for (stop_at = MANY_STORES; stop_at >= 0; stop_at = earlier(stop_at)) {
		struct region region = make_region();
		struct holdfast_record file = make_file(&region, 7);

		format_stores_left = stop_at;
		if (!setjmp(format_stop))
			holdfast_records_commit(&region.records, &file);
		end_commit(stop_at);
		check(get(&region, 7) == (committed_before(stop_at) ?
					  HOLDFAST_SLOT_USED :
					  HOLDFAST_SLOT_UNUSED));
		free(region.memory);
	}
}

static void refuse(const struct region *region, struct holdfast_record file,
		   int line)
{
	struct region copy = *region;

	holdfast_records_commit(&copy.records, &file);
	if (get(&copy, 7) != HOLDFAST_SLOT_DAMAGED)
		fail(__func__, line, "taken");
	checks++;
}

/* What a right checksum does not make right. */
static void test_senseless_records_are_refused(void)
{
	struct region region = make_region();
	const struct holdfast_record good = make_file(&region, 7);
	struct holdfast_record bad;

#define refuse_with(assignment) \
	do { bad = good; bad.assignment; refuse(&region, bad, __LINE__); } while (0)
	refuse_with(type = cpu_to_le32(99));
	refuse_with(type = cpu_to_le32(HOLDFAST_RECORD_TYPE_DIRECTORY));
	refuse_with(parent = cpu_to_le64(1ULL << 40));
	refuse_with(mode = cpu_to_le32(0100644));
	refuse_with(supersedes = cpu_to_le64(HOLDFAST_ROOT_RECORD));
	refuse_with(supersedes = cpu_to_le64(7));
	refuse_with(supersedes = cpu_to_le64(1ULL << 40));
	refuse_with(size = cpu_to_le64(1 << 20));
	refuse_with(name_length = 0);
	refuse_with(name_length = cpu_to_le32(5));
	refuse_with(name_length = cpu_to_le32(1U << 31));
	refuse_with(name[1] = '/');
	refuse_with(atime_nanoseconds = cpu_to_le32(1000000000));
	refuse_with(extent_count = cpu_to_le32(3));
	refuse_with(extent_count = cpu_to_le32(~0U));
	refuse_with(extents[0].region_offset = 0);
	refuse_with(extents[0].length = cpu_to_le64(1));
	refuse_with(extents[1].length = 0);
	refuse_with(extents[1].length = cpu_to_le64(~0xfffULL));
	refuse_with(extents[1].region_offset = cpu_to_le64(~0xfffULL));
	refuse_with(extents[1].file_offset = cpu_to_le64(8192));
#undef refuse_with
	free(region.memory);
}

static void allow(const struct region *region, struct holdfast_record file,
		  int line)
{
	struct region copy = *region;

	holdfast_records_commit(&copy.records, &file);
	if (get(&copy, 7) != HOLDFAST_SLOT_USED)
		fail(__func__, line, "refused");
	checks++;
}

static struct region make_sparse_region(void)
{
	struct region region = make_region();

	region.sb.incompat = cpu_to_le64(HOLDFAST_INCOMPAT_SPARSE);
	holdfast_superblock_commit(region.memory, &region.sb);
	holdfast_records_init(&region.records, region.memory,
			      (const void *)region.memory);
	return region;
}

/* With holes, extents are in order and do not overlap; a size says nothing. */
static void test_holes_are_taken_where_the_region_knows_them(void)
{
	struct region dense = make_region(), sparse = make_sparse_region();
	const struct holdfast_record good = make_file(&sparse, 7);
	struct holdfast_record file;

#define with(what, region, assignment) \
	do { file = good; file.assignment; what(region, file, __LINE__); } while (0)
	with(allow, &sparse, extents[1].file_offset = cpu_to_le64(8192));
	with(allow, &sparse, size = cpu_to_le64(HOLDFAST_FILE_MAX));
	with(refuse, &dense, size = cpu_to_le64(HOLDFAST_FILE_MAX));
	with(refuse, &sparse, size = cpu_to_le64(HOLDFAST_FILE_MAX + 1));
	with(refuse, &sparse, extents[1].file_offset = 0);
	with(refuse, &sparse, extents[1].file_offset = cpu_to_le64(5000));
	with(refuse, &sparse, extents[1].file_offset = cpu_to_le64(~0xfffULL));
	with(refuse, &sparse,
	     extents[1].file_offset = cpu_to_le64(HOLDFAST_FILE_MAX));
	with(refuse, &sparse, leaves = cpu_to_le32(1));
	with(refuse, &sparse, leaves = cpu_to_le32(2));
	file = good;
	file.leaves = cpu_to_le32(1);
	file.extent_count = cpu_to_le32(1);
	file.extents[0].length = cpu_to_le64(HOLDFAST_LEAF_RUN);
	allow(&sparse, file, __LINE__);
	refuse(&dense, file, __LINE__);
	file.extents[0].file_offset = cpu_to_le64(~0xfffULL);
	refuse(&sparse, file, __LINE__);
	with(refuse, &sparse, extent_count = cpu_to_le32(0x80000000));
#undef with
	free(dense.memory);
	free(sparse.memory);
}

static struct holdfast_extent_leaf make_leaf(const struct region *region,
					     u32 count)
{
	struct holdfast_extent_leaf leaf = {
		.extent_count = cpu_to_le32(count),
	};
	u32 i;

	for (i = 0; i < count; i++) {
		leaf.extents[i].file_offset = cpu_to_le64(i * 8192ULL);
		leaf.extents[i].region_offset = region->sb.data_offset;
		leaf.extents[i].length = cpu_to_le64(4096);
	}
	return leaf;
}

static void test_every_bit_of_a_leaf_counts(void)
{
	struct region region = make_sparse_region();
	struct holdfast_record owner = make_file(&region, 7);
	struct holdfast_extent_leaf leaf;
	struct holdfast_extent_leaf *run = calloc(2, sizeof(leaf));
	u32 bit;

	leaf = make_leaf(&region, HOLDFAST_LEAF_EXTENTS);
	holdfast_leaf_store(run, &leaf, &owner);
	check(holdfast_leaf_in_step(run));
	check(holdfast_leaf_get(&region.records, run, &owner) == run);
	for (bit = 0; bit < 8 * sizeof(leaf); bit += 31) {
		flip(run, bit);
		check(holdfast_leaf_get(&region.records, run, &owner) ==
		      run + 1);
		check(!holdfast_leaf_in_step(run));
		flip(run + 1, bit);
		check(!holdfast_leaf_get(&region.records, run, &owner));
		holdfast_leaf_repair(&region.records, run, &owner);
		check(!holdfast_leaf_get(&region.records, run, &owner));
		flip(run, bit);
		holdfast_leaf_repair(&region.records, run, &owner);
		check(holdfast_leaf_in_step(run));
	}
	free(run);
	free(region.memory);
}

static void test_a_leaf_of_another_file_is_none(void)
{
	struct region region = make_sparse_region();
	struct holdfast_record owner = make_file(&region, 7), other = owner;
	struct holdfast_extent_leaf leaf, *run = calloc(2, sizeof(leaf));

	leaf = make_leaf(&region, 2);
	holdfast_leaf_store(run, &leaf, &owner);
	other.number = cpu_to_le64(8);
	check(!holdfast_leaf_get(&region.records, run, &other));
	other = owner;
	other.generation = cpu_to_le32(le32_to_cpu(owner.generation) + 1);
	check(!holdfast_leaf_get(&region.records, run, &other));

	leaf.extent_count = 0;
	holdfast_leaf_store(run, &leaf, &owner);
	check(!holdfast_leaf_get(&region.records, run, &owner));
	leaf.extent_count = cpu_to_le32(HOLDFAST_LEAF_EXTENTS + 1);
	holdfast_leaf_store(run, &leaf, &owner);
	check(!holdfast_leaf_get(&region.records, run, &owner));
	leaf.extent_count = cpu_to_le32(2);
	leaf.extents[1].file_offset = 0;
	holdfast_leaf_store(run, &leaf, &owner);
	check(!holdfast_leaf_get(&region.records, run, &owner));
	free(run);
	free(region.memory);
}

#define FAR	(BASE + 0x40000000ULL)
#define DATA	HOLDFAST_RANGE_DATA_OFFSET

/* A region with a range right behind its first, and another one far above. */
static struct holdfast_superblock make_ranges(void)
{
	struct holdfast_superblock sb;

	holdfast_superblock_init(&sb, BASE, SIZE, 0);
	memset(sb.ranges, 0xa5, sizeof(sb.ranges));
	sb.range_count = cpu_to_le32(77);
	holdfast_ranges_start(&sb, 3);
	check(le32_to_cpu(sb.node) == 3);
	holdfast_ranges_add(&sb, FAR, 2 * SIZE, 1);
	holdfast_ranges_add(&sb, BASE + SIZE, SIZE, 0);
	check(holdfast_ranges_count(&sb) == 2);
	check(holdfast_ranges_valid(&sb));
	return sb;
}

static void test_a_run_lies_in_one_range(void)
{
	struct holdfast_superblock sb = make_ranges();
	u64 far = FAR - BASE;

	check(holdfast_ranges_hold(&sb, SIZE - 4096, 4096));
	check(!holdfast_ranges_hold(&sb, SIZE - 4096, 8192));
	check(!holdfast_ranges_hold(&sb, SIZE, 4096));
	check(!holdfast_ranges_hold(&sb, SIZE + DATA - 4096, 8192));
	check(holdfast_ranges_hold(&sb, SIZE + DATA, SIZE - DATA));
	check(!holdfast_ranges_hold(&sb, 2 * SIZE, 4096));
	check(holdfast_ranges_hold(&sb, far + DATA, 2 * SIZE - DATA));
	check(!holdfast_ranges_hold(&sb, far + DATA, 2 * SIZE));
	check(!holdfast_ranges_hold(&sb, far + DATA, ~0ULL));
	check(!holdfast_ranges_hold(&sb, ~0xfffULL, 4096));
	check(holdfast_ranges_have(&sb, 0) && holdfast_ranges_have(&sb, far));
	check(!holdfast_ranges_have(&sb, 2 * SIZE) &&
	      !holdfast_ranges_have(&sb, ~0ULL));

	/* What a region does not know is not looked at. */
	sb.incompat = 0;
	check(!holdfast_ranges_hold(&sb, far + DATA, 4096));
	sb.range_count = cpu_to_le32(~0U);
	check(holdfast_ranges_valid(&sb) && !holdfast_ranges_count(&sb));
}

static void test_retired_pages_lie_in_a_range(void)
{
	struct holdfast_superblock sb = make_ranges();

	check(holdfast_retired_add(&sb, FAR - BASE + DATA));
	check(holdfast_retired_add(&sb, SIZE - 4096));
	check(holdfast_retired_valid(&sb));
	check(holdfast_retired_add(&sb, FAR - BASE));
	check(!holdfast_retired_valid(&sb));
}

static void test_senseless_ranges_are_refused(void)
{
	const struct holdfast_superblock good = make_ranges();
	struct holdfast_superblock sb;

#define refuse_with(assignment) \
	do { \
		sb = good; \
		sb.assignment; \
		check(!holdfast_ranges_valid(&sb)); \
	} while (0)
	refuse_with(range_count = cpu_to_le32(3));
	refuse_with(range_count = cpu_to_le32(HOLDFAST_RANGES_MAX + 1));
	refuse_with(range_count = cpu_to_le32(~0U));
	refuse_with(ranges[1].physical = cpu_to_le64(BASE + SIZE / 2));
	refuse_with(ranges[1].physical = cpu_to_le64(BASE));
	refuse_with(ranges[1].physical = cpu_to_le64(BASE - SIZE));
	refuse_with(ranges[1].physical = cpu_to_le64(FAR));
	refuse_with(ranges[1].physical = cpu_to_le64(FAR + SIZE));
	refuse_with(ranges[1].physical = cpu_to_le64(BASE + SIZE + 4096));
	refuse_with(ranges[1].size = cpu_to_le64(SIZE + 4096));
	refuse_with(ranges[1].size = cpu_to_le64(0x40000000ULL));
	refuse_with(ranges[1].size = 0);
	refuse_with(ranges[1].size = cpu_to_le64(-SIZE));
#undef refuse_with
	check(holdfast_ranges_fit(&good, FAR + 2 * SIZE, SIZE));
	check(!holdfast_ranges_fit(&good, FAR + SIZE, SIZE));
	check(!holdfast_ranges_fit(&good, FAR - SIZE, 2 * SIZE));
	check(!holdfast_ranges_fit(&good, BASE - SIZE, SIZE));
}

static bool ours(const void *memory, const struct holdfast_superblock *sb)
{
	return holdfast_range_head_ours(memory, sb, &sb->ranges[0]);
}

static void test_one_head_of_a_range_is_enough(void)
{
	struct holdfast_superblock sb = make_ranges(), other = sb;
	u8 *memory = calloc(1, HOLDFAST_RANGE_HEADS);
	struct holdfast_range_head head;
	u8 *copies[] = { memory, memory + HOLDFAST_SUPERBLOCK_COPY_STRIDE };
	size_t bit;
	u32 copy;

	check(!holdfast_range_head_seen(memory) && !ours(memory, &sb));
	holdfast_range_head_store(memory, &head, &sb, FAR, 2 * SIZE);
	check(holdfast_range_head_in_step(memory) && ours(memory, &sb));
	for (copy = 0; copy < 2; copy++) {
		for (bit = 0; bit < 8 * sizeof(head); bit += 37) {
			flip(copies[copy], bit);
			check(ours(memory, &sb));
			check(!holdfast_range_head_in_step(memory));
			flip(copies[!copy], bit + 1);
			check(!ours(memory, &sb));
			check(holdfast_range_head_seen(memory) || bit < 64);
			flip(copies[!copy], bit + 1);
			holdfast_range_head_repair(memory);
			check(holdfast_range_head_in_step(memory));
		}
	}

	other.uuid[3] ^= 1;
	check(!ours(memory, &other));
	other = sb;
	other.base = cpu_to_le64(BASE + SIZE);
	check(!ours(memory, &other));
	check(!holdfast_range_head_ours(memory, &sb, &sb.ranges[1]));
	other = sb;
	other.ranges[0].size = cpu_to_le64(SIZE);
	check(!ours(memory, &other));
	free(memory);
}

static void test_a_head_is_stored_until_it_is_ours(void)
{
	struct holdfast_superblock sb = make_ranges();
	volatile long stop_at;

	for (stop_at = MANY_STORES; stop_at >= 0; stop_at = earlier(stop_at)) {
		u8 *memory = calloc(1, HOLDFAST_RANGE_HEADS);
		struct holdfast_range_head head;

		format_stores_left = stop_at;
		if (!setjmp(format_stop))
			holdfast_range_head_store(memory, &head, &sb, FAR,
						  2 * SIZE);
		end_commit(stop_at);
		check(ours(memory, &sb) == committed_before(stop_at));
		check(ours(memory, &sb) == holdfast_range_head_seen(memory));
		/* It is the region's own until the region lists it. */
		holdfast_range_head_store(memory, &head, &sb, FAR, 2 * SIZE);
		check(ours(memory, &sb) && holdfast_range_head_in_step(memory));
		free(memory);
	}
}

/* Anything may stand in a region: nothing but a verdict may come of it. */
static void test_noise_is_survived(void)
{
	struct region region = make_region();
	struct holdfast_record file = make_file(&region, 7);
	u32 round, i;

	srand(1);
	for (round = 0; round < 20000; round++) {
		struct holdfast_record *record = &region.records.a[7];
		__le32 *words = (__le32 *)record;

		*record = file;
		for (i = 0; i < 1 + round % 8; i++)
			words[rand() % (sizeof(*record) / 4)] = rand();
		record->magic = cpu_to_le32(HOLDFAST_RECORD_MAGIC);
		record->number = cpu_to_le64(7);
		record->checksum = cpu_to_le32(
			holdfast_block_checksum(record, sizeof(*record),
						offsetof(struct holdfast_record,
							 checksum)));
		get(&region, 7);
		checks++;
	}
	free(region.memory);
}

int main(void)
{
	test_checksum_is_crc32c();
	test_checksum_of_zeros();
	test_every_bit_of_a_superblock_counts();
	test_foreign_superblocks_are_told_apart();
	test_features_that_may_be_ignored_are_kept();
	test_a_region_without_magic_is_not_free_memory();
	test_a_superblock_commit_stops_anywhere();
	test_every_bit_of_a_record_counts();
	test_a_record_commit_stops_anywhere();
	test_a_first_commit_stops_anywhere();
	test_senseless_records_are_refused();
	test_holes_are_taken_where_the_region_knows_them();
	test_every_bit_of_a_leaf_counts();
	test_a_leaf_of_another_file_is_none();
	test_a_run_lies_in_one_range();
	test_retired_pages_lie_in_a_range();
	test_senseless_ranges_are_refused();
	test_one_head_of_a_range_is_enough();
	test_a_head_is_stored_until_it_is_ours();
	test_noise_is_survived();
	printf("format rooms: %lu checks passed\n", checks);
	return 0;
}
