// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/printk.h>

#include "vfs.h"

/**
 * holdfast_refuse() - say in the kernel log why a region is refused
 * @verdict: not HOLDFAST_VALID
 * @base: physical address of the region, in bytes
 * @sb: its superblock; looked at only if the verdict says that one is intact
 *
 * Return: the errno that stands for it.
 */
int holdfast_refuse(enum holdfast_verdict verdict, u64 base,
		    const struct holdfast_superblock *sb)
{
	switch (verdict) {
	case HOLDFAST_ABSENT:
		pr_err("0x%llx: refused: no superblock, format the region first\n",
		       base);
		return -EMEDIUMTYPE;
	case HOLDFAST_FUTURE:
		pr_err("0x%llx: refused: written in format version %u, this module reads up to %u\n",
		       base, le32_to_cpu(sb->version), HOLDFAST_FORMAT_VERSION);
		return -EPROTONOSUPPORT;
	case HOLDFAST_UNKNOWN_FEATURE:
		pr_err("0x%llx: refused: uses incompatible features 0x%llx that are not known here\n",
		       base, holdfast_unknown_incompat(sb));
		return -EOPNOTSUPP;
	default:
		pr_err("0x%llx: refused: both superblocks are damaged\n", base);
		return -EUCLEAN;
	}
}
