// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/printk.h>

#include "vfs.h"

/**
 * holdfast_refuse() - say in the kernel log why a region is refused
 * @verdict: not HOLDFAST_VALID
 * @base: physical address of the region, in bytes
 *
 * Return: the errno that stands for it.
 */
int holdfast_refuse(enum holdfast_verdict verdict, u64 base)
{
	switch (verdict) {
	case HOLDFAST_ABSENT:
		pr_err("0x%llx: refused: no superblock, format the region first\n",
		       base);
		return -EMEDIUMTYPE;
	case HOLDFAST_FUTURE:
		pr_err("0x%llx: refused: written in a newer format than version %u\n",
		       base, HOLDFAST_FORMAT_VERSION);
		return -EPROTONOSUPPORT;
	case HOLDFAST_UNKNOWN_FEATURE:
		pr_err("0x%llx: refused: uses an incompatible feature that is not known here\n",
		       base);
		return -EOPNOTSUPP;
	default:
		pr_err("0x%llx: refused: both superblocks are damaged\n", base);
		return -EUCLEAN;
	}
}
