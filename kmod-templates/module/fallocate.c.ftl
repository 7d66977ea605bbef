// SPDX-License-Identifier: GPL-2.0-only
#include <linux/fs.h>
#include <linux/falloc.h>

#include "vfs.h"

#define KEEP	FALLOC_FL_KEEP_SIZE

static bool aligned(u64 offset, u64 length)
{
	return (offset | length) % HOLDFAST_BLOCK_SIZE == 0;
}

static int grow_to(struct inode *inode, u64 size)
{
	if (size > i_size_read(inode))
		return holdfast_file_resize(inode, size);
	return 0;
}

static int allocate(struct inode *inode, int mode, u64 from, u64 to)
{
	int err;

	if (!holdfast_sparse(holdfast_fs(inode->i_sb)))
		from = 0;
	err = holdfast_content_fill(inode, from, to);
	return err || mode & KEEP ? err : grow_to(inode, to);
}

static int zero(struct inode *inode, int mode, u64 from, u64 to)
{
	int err = allocate(inode, mode, from, to);

	if (!err)
		holdfast_content_zero(inode, from, to);
	return err;
}

static int collapse(struct inode *inode, u64 from, u64 to)
{
	if (!aligned(from, to) || to >= i_size_read(inode))
		return -EINVAL;
	return holdfast_content_collapse(inode, from, to);
}

static int insert(struct inode *inode, u64 at, u64 length)
{
	int err;

	if (!aligned(at, length) || at >= i_size_read(inode))
		return -EINVAL;
	err = inode_newsize_ok(inode, i_size_read(inode) + length);
	return err ?: holdfast_content_insert(inode, at, length);
}

static int change(struct inode *inode, int mode, u64 from, u64 length)
{
	u64 to = from + length;

	switch (mode) {
	case 0:
	case KEEP:
		return allocate(inode, mode, from, to);
	case FALLOC_FL_ZERO_RANGE:
	case FALLOC_FL_ZERO_RANGE | KEEP:
		return zero(inode, mode, from, to);
	case FALLOC_FL_PUNCH_HOLE | KEEP:
		return holdfast_content_punch(inode, from, to);
	case FALLOC_FL_COLLAPSE_RANGE:
		return collapse(inode, from, to);
	case FALLOC_FL_INSERT_RANGE:
		return insert(inode, from, length);
	default:
		return -EOPNOTSUPP;
	}
}

/* What makes holes, or moves extents, needs a format that knows holes. */
static bool possible(struct inode *inode, int mode)
{
	return holdfast_sparse(holdfast_fs(inode->i_sb)) || !(mode & ~KEEP);
}

/**
 * holdfast_fallocate() - file_operations.fallocate
 * @file: the file
 * @mode: FALLOC_FL_* bits
 * @offset: where, in bytes
 * @length: how much, in bytes
 *
 * Return: 0, -EOPNOTSUPP (a mode that is not known, or that the format of the
 * region has no means for), -EINVAL, -ENOSPC, -ENOMEM, -EFBIG, -EINTR.
 */
long holdfast_fallocate(struct file *file, int mode, loff_t offset,
			loff_t length)
{
	struct inode *inode = file_inode(file);
	int err;

	if (!possible(inode, mode))
		return -EOPNOTSUPP;
	inode_lock(inode);
	err = mode & KEEP ? 0 : inode_newsize_ok(inode, offset + length);
	if (!err)
		err = file_modified(file);
	if (!err)
		err = change(inode, mode, offset, length);
	inode_unlock(inode);
	return err;
}
