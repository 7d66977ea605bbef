/* SPDX-License-Identifier: GPL-2.0-only */
/* The superblock: parse, verify, commit. Freestanding. */
#ifndef HOLDFAST_SUPERBLOCK_H
#define HOLDFAST_SUPERBLOCK_H

#include "format.h"

/* How much of a region must be looked at to find its superblock, in bytes. */
#define HOLDFAST_HEAD_SIZE	(HOLDFAST_TABLE_OFFSET + \
				 sizeof(struct holdfast_record))

/**
 * enum holdfast_verdict - what the head of a region says
 * @HOLDFAST_VALID: there is a superblock that this module can use
 * @HOLDFAST_ABSENT: there is no region here
 * @HOLDFAST_DAMAGED: there is a region, but no copy of its superblock is good
 * @HOLDFAST_FUTURE: the region was written in a newer format
 * @HOLDFAST_UNKNOWN_FEATURE: the region uses an unknown incompatible feature
 */
enum holdfast_verdict {
	HOLDFAST_VALID,
	HOLDFAST_ABSENT,
	HOLDFAST_DAMAGED,
	HOLDFAST_FUTURE,
	HOLDFAST_UNKNOWN_FEATURE,
};

/* Bits of sb->incompat that forbid this module to use the region. */
static inline u64
holdfast_unknown_incompat(const struct holdfast_superblock *sb)
{
	return le64_to_cpu(sb->incompat) & ~HOLDFAST_INCOMPAT_KNOWN;
}

/* Bits of sb->ro_compat that forbid this module to write to the region. */
static inline u64
holdfast_unknown_ro_compat(const struct holdfast_superblock *sb)
{
	return le64_to_cpu(sb->ro_compat) & ~HOLDFAST_RO_COMPAT_KNOWN;
}

enum holdfast_verdict holdfast_superblock_find(const void *head, u64 base,
					       struct holdfast_superblock *sb,
					       u32 *bad_copies);
<#if options.has("raw-device")>
void holdfast_superblock_init(struct holdfast_superblock *sb, u64 base,
			      u64 size, u32 record_slots);
</#if>
void holdfast_superblock_commit(void *head, struct holdfast_superblock *sb);
<#if options.has("raw-device")>
void holdfast_superblock_erase(void *head);
</#if>

#endif
