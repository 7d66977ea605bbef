<#include "/idioms.ftl">
<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
#include <linux/fs.h>
<#if options.has("fiemap")>
#include <linux/capability.h>
</#if>
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
 * What is added is a hole, where the format knows holes.
 *
 * Return: 0 or as holdfast_content_fill(); then nothing has changed.
 */
int holdfast_file_resize(struct inode *inode, u64 size)
{
	u64 had = i_size_read(inode);
	int err;

	if (size <= had)
		return holdfast_content_trim(inode, size);
	if (!holdfast_sparse(holdfast_fs(inode->i_sb))) {
		err = holdfast_content_fill(inode, had, size);
		if (err)
			return err;
	}
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
		length = min3(length, size - iocb->ki_pos,
			      min_t(u64, iov_iter_count(to), SZ_2M));
		if (IS_ERR(memory))
			return done ?: PTR_ERR(memory);
		copied = memory ? copy_to_iter(memory, length, to) :
				  iov_iter_zero(length, to);
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

/* What goes into a hole goes into the draft, which the file gets afterwards. */
static ssize_t copy_in(struct holdfast_draft *draft, u64 position,
		       struct iov_iter *from)
{
	ssize_t done = 0;

	while (iov_iter_count(from)) {
		size_t copied;
		void *memory;
		u64 length;

		memory = holdfast_draft_at(draft, position + done, &length);
		if (!memory)
			memory = holdfast_content_at(draft->inode,
						     position + done, &length);
		if (IS_ERR(memory))
			return done ?: PTR_ERR(memory);
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

/* Where the memory has to start: a file without holes goes on where it ends. */
static u64 draft_start(struct inode *inode, u64 position)
{
	if (holdfast_sparse(holdfast_fs(inode->i_sb)))
		return position;
	return min_t(u64, position, i_size_read(inode));
}

static ssize_t write_to(struct inode *inode, u64 position,
			struct iov_iter *from)
{
	u64 size = i_size_read(inode);
	struct holdfast_draft draft;
	ssize_t done;
	int err;

	err = holdfast_draft_take(&draft, inode, draft_start(inode, position),
				  position + iov_iter_count(from), true);
	if (err)
		return err;
	done = copy_in(&draft, position, from);
	if (done <= 0) {
		holdfast_draft_drop(&draft);
		return done;
	}
	if (iov_iter_count(from))
		holdfast_draft_shorten(&draft, position + done);
	err = holdfast_draft_clear(&draft, position, position + done);
	if (err) {
		holdfast_draft_drop(&draft);
		return err;
	}
	if (position > size)
		clear_tail(inode, position);
	if (draft.runs.count || position + done > size)
		err = holdfast_draft_publish(&draft, position, position + done,
					     max_t(u64, size, position + done));
	return err ?: done;
}

static ssize_t write_locked(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	ssize_t done;
	int err;

	done = generic_write_checks(iocb, from);
	if (done <= 0)
		return done;
	err = file_remove_privs(iocb->ki_filp);
	if (err)
		return err;
	err = file_update_time(iocb->ki_filp);
	if (err)
		return err;
	done = write_to(inode, iocb->ki_pos, from);
	if (done > 0)
		iocb->ki_pos += done;
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

static loff_t holdfast_file_llseek(struct file *file, loff_t offset, int whence)
{
	struct inode *inode = file_inode(file);

	if (whence != SEEK_DATA && whence != SEEK_HOLE)
		return generic_file_llseek(file, offset, whence);
	inode_lock_shared(inode);
	offset = holdfast_content_seek(inode, offset, whence == SEEK_DATA);
	inode_unlock_shared(inode);
	return offset < 0 ? offset :
	       vfs_setpos(file, offset, inode->i_sb->s_maxbytes);
}

<#if options.has("fiemap")>
static int fill_fiemap(struct fiemap_extent_info *info,
		       const struct holdfast_runs *runs, u64 base, u64 start,
		       u64 length)
{
	u32 i;

	for (i = holdfast_runs_find(runs, start); i < runs->count; i++) {
		const struct holdfast_run *run = &runs->list[i];
		int err;

		if (run->at > start && run->at - start >= length)
			break;
		err = fiemap_fill_next_extent(info, run->at, base + run->offset,
					      run->length,
					      i + 1 == runs->count ?
					      FIEMAP_EXTENT_LAST : 0);
		if (err)
			return err == 1 ? 0 : err; /* no room for more */
	}
	return 0;
}

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
	struct holdfast_inode *own = holdfast_inode(inode);
	struct holdfast_runs runs;
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	err = fiemap_prep(inode, info, start, &length, 0);
	if (err)
		return err;

	/* Copying to user space can fault, and a fault takes the lock. */
	down_read(&own->runs_lock);
	err = holdfast_runs_copy(&runs, &own->runs, 1);
	up_read(&own->runs_lock);
	if (err)
		return err;
	err = fill_fiemap(info, &runs, holdfast_fs(inode->i_sb)->region.base,
			  start, length);
	holdfast_runs_free(&runs);
	return err;
}

</#if>
const struct file_operations holdfast_file_operations = {
	.owner		= THIS_MODULE,
	.llseek		= holdfast_file_llseek,
	.read_iter	= holdfast_file_read_iter,
	.write_iter	= holdfast_file_write_iter,
<#if kernel.fact("mmap") == "mmap_prepare">
	.mmap_prepare	= holdfast_map,
<#else>
	.mmap		= holdfast_map,
</#if>
<#if large>
	.get_unmapped_area = holdfast_map_place,
</#if>
	.fsync		= noop_fsync,
	.fallocate	= holdfast_fallocate,
	.splice_read	= ${spliceRead},
	.splice_write	= iter_file_splice_write,
	.unlocked_ioctl	= holdfast_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
};
