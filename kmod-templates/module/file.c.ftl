<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
#include <linux/fs.h>
<#if options.has("fiemap")>
#include <linux/capability.h>
</#if>
#include <linux/falloc.h>
<#if options.has("fiemap")>
#include <linux/fiemap.h>
</#if>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/splice.h>
#include <linux/uio.h>

#include "vfs.h"

/*
 * A mapping can write behind the end of the file in its last block, and a stop
 * can leave old bytes there: clear them before they become part of the file.
 */
static void clear_tail(struct inode *inode, u64 end)
{
	u64 size = i_size_read(inode);

	holdfast_content_zero(inode, size,
			      min(end, round_up(size, HOLDFAST_BLOCK_SIZE)));
}

/**
 * holdfast_file_resize() - change the size of a file
 * @inode: the file, locked for writing
 * @size: its new size, in bytes
 *
 * Files have no holes: one that grows gets its memory at once.
 *
 * Return: 0 or as holdfast_content_reserve().
 */
int holdfast_file_resize(struct inode *inode, u64 size)
{
	int err;

	if (size <= i_size_read(inode)) {
		holdfast_content_trim(inode, size,
				      round_up(size, HOLDFAST_BLOCK_SIZE));
		return 0;
	}
	err = holdfast_content_reserve(inode, size, false);
	if (err)
		return err;
	clear_tail(inode, size);
	i_size_write(inode, size);
	holdfast_inode_commit(inode);
	return 0;
}

static ssize_t read_locked(struct inode *inode, struct kiocb *iocb,
			   struct iov_iter *to)
{
	u64 size = i_size_read(inode);
	ssize_t done = 0;

	while (iov_iter_count(to) && iocb->ki_pos < size) {
		size_t copied;
		void *memory;
		u64 length;

		memory = holdfast_content_at(inode, iocb->ki_pos, &length);
		if (WARN_ON_ONCE(!memory))
			return -EIO;
		length = min3(length, size - iocb->ki_pos,
			      min_t(u64, iov_iter_count(to), SZ_2M));
		copied = copy_to_iter(memory, length, to);
		iocb->ki_pos += copied;
		done += copied;
		if (copied < length)
			return done ?: -EFAULT;
		if (fatal_signal_pending(current))
			break;
		cond_resched();
	}
	return done;
}

static ssize_t holdfast_file_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	ssize_t done;

	inode_lock_shared(inode);
	done = read_locked(inode, iocb, to);
	inode_unlock_shared(inode);
	if (done > 0)
		file_accessed(iocb->ki_filp);
	return done;
}

static ssize_t copy_in(struct inode *inode, u64 position, struct iov_iter *from)
{
	ssize_t done = 0;

	while (iov_iter_count(from)) {
		size_t copied;
		void *memory;
		u64 length;

		memory = holdfast_content_at(inode, position + done, &length);
		if (WARN_ON_ONCE(!memory))
			return -EIO;
		length = min3(length, (u64)iov_iter_count(from), (u64)SZ_2M);
		copied = copy_from_iter(memory, length, from);
		done += copied;
		if (copied < length)
			return done ?: -EFAULT;
		if (fatal_signal_pending(current))
			break;
		cond_resched();
	}
	return done;
}

/* A write that came short gives back what it had reserved for the rest. */
static void give_back(struct inode *inode, u64 had)
{
	u64 size = i_size_read(inode);
	u64 keep = max_t(u64, had, round_up(size, HOLDFAST_BLOCK_SIZE));

	if (holdfast_content_covered(&holdfast_inode(inode)->record) > keep)
		holdfast_content_trim(inode, size, keep);
}

static ssize_t write_locked(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	u64 had = holdfast_content_covered(&holdfast_inode(inode)->record);
	u64 size = i_size_read(inode);
	ssize_t done, wanted;
	int err;

	wanted = generic_write_checks(iocb, from);
	if (wanted <= 0)
		return wanted;
	err = file_remove_privs(iocb->ki_filp);
	if (err)
		return err;
	err = file_update_time(iocb->ki_filp);
	if (err)
		return err;
	err = holdfast_content_reserve(inode, iocb->ki_pos + wanted, true);
	if (err)
		return err;

	if (iocb->ki_pos > size)
		clear_tail(inode, iocb->ki_pos);
	done = copy_in(inode, iocb->ki_pos, from);
	if (done > 0)
		iocb->ki_pos += done;
	if (done > 0 && iocb->ki_pos > size) {
		i_size_write(inode, iocb->ki_pos);
		holdfast_inode_commit(inode);
	}
	if (done != wanted)
		give_back(inode, had);
	return done;
}

static ssize_t holdfast_file_write_iter(struct kiocb *iocb,
					struct iov_iter *from)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	ssize_t done;

	inode_lock(inode);
	done = write_locked(iocb, from);
	inode_unlock(inode);
	return done;
}

static long holdfast_file_fallocate(struct file *file, int mode, loff_t offset,
				    loff_t length)
{
	struct inode *inode = file_inode(file);
	loff_t end = offset + length;
	int err;

	if (mode & ~FALLOC_FL_KEEP_SIZE)
		return -EOPNOTSUPP;

	inode_lock(inode);
	err = inode_newsize_ok(inode, end);
	if (!err)
		err = file_modified(file);
	if (err)
		goto out;
	if (end > i_size_read(inode) && !(mode & FALLOC_FL_KEEP_SIZE))
		err = holdfast_file_resize(inode, end);
	else
		err = holdfast_content_reserve(inode, end, false);
	if (!err)
		holdfast_inode_commit(inode);
out:
	inode_unlock(inode);
	return err;
}

<#if options.has("fiemap")>
/**
 * holdfast_file_fiemap() - inode_operations.fiemap
 * @inode: the file
 * @info: what is wanted, and where it goes
 * @start: offset in the file, in bytes
 * @length: length of the part that is wanted, in bytes
 *
 * Physical addresses are addresses of memory, which is not for everybody.
 *
 * Return: 0, -EPERM without CAP_SYS_ADMIN, or another negative errno.
 */
int holdfast_file_fiemap(struct inode *inode, struct fiemap_extent_info *info,
			 u64 start, u64 length)
{
	struct holdfast_record *record = &holdfast_inode(inode)->record;
	u64 base = holdfast_fs(inode->i_sb)->region.base;
	u32 i, count;
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	err = fiemap_prep(inode, info, start, &length, 0);
	if (err)
		return err;

	inode_lock_shared(inode);
	count = le32_to_cpu(record->extent_count);
	for (i = 0; i < count; i++) {
		const struct holdfast_extent *extent = &record->extents[i];
		u64 at = le64_to_cpu(extent->file_offset);
		u64 run = le64_to_cpu(extent->length);

		if (at + run <= start || at >= start + length)
			continue;
		err = fiemap_fill_next_extent(info, at, base +
					      le64_to_cpu(extent->region_offset),
					      run, i + 1 == count ?
					      FIEMAP_EXTENT_LAST : 0);
		if (err)
			break;
	}
	inode_unlock_shared(inode);
	if (err == 1) /* no room for more */
		err = 0;
	return err;
}

</#if>
const struct file_operations holdfast_file_operations = {
	.owner		= THIS_MODULE,
	.llseek		= generic_file_llseek,
	.read_iter	= holdfast_file_read_iter,
	.write_iter	= holdfast_file_write_iter,
<#if kernel.fact("mmap") == "mmap_prepare">
	.mmap_prepare	= holdfast_map,
<#else>
	.mmap		= holdfast_map,
</#if>
	.fsync		= noop_fsync,
	.fallocate	= holdfast_file_fallocate,
	.splice_read	= ${spliceRead},
	.splice_write	= iter_file_splice_write,
	.unlocked_ioctl	= holdfast_info_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
};
