<#include "/idioms.ftl">
<#if options.has("raw-device")>
// SPDX-License-Identifier: GPL-2.0-only
/* The bytes of a region that is not mounted, to be looked at and repaired. */
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include ${layout.uapi()}
#include "vfs.h"

/* What is copied before others get their turn, in bytes. */
#define CHUNK	((size_t)SZ_1M)

/**
 * struct attachment - a range that an open file owns
 * @region: the range, claimed
 * @writable: it may be changed
 */
struct attachment {
	struct holdfast_region region;
	bool writable;
};

static struct attachment *attached(const struct file *file)
{
	/* Pairs with holdfast_attach(). It lasts until the file is closed. */
	return smp_load_acquire(&file->private_data);
}

/**
 * holdfast_attach_open() - file_operations.open
 * @inode: the device
 * @file: owns no range yet
 *
 * Return: 0.
 */
int holdfast_attach_open(struct inode *inode, struct file *file)
{
	/* The layer of misc devices left something here. */
	file->private_data = NULL;
	return 0;
}

/**
 * holdfast_attach() - let an open file own a range
 * @file: the file
 * @args: which range, and what for; its size is not 0
 *
 * Return: 0, -EBUSY (claimed by somebody, or the file owns a range already),
 * -EBADF (it is to be written to and the file is open for reading), or as
 * holdfast_region_claim().
 */
int holdfast_attach(struct file *file, const struct holdfast_attach_args *args)
{
	struct attachment *own;
	int err;

	if (args->flags & HOLDFAST_ATTACH_WRITABLE &&
	    !(file->f_mode & FMODE_WRITE))
		return -EBADF;
	own = ${object("kzalloc", "own")};
	if (!own)
		return -ENOMEM;
	own->writable = args->flags & HOLDFAST_ATTACH_WRITABLE;
	err = holdfast_region_claim(&own->region, args->region_base,
				    args->region_size);
	if (!err && cmpxchg_release(&file->private_data, NULL, own))
		err = -EBUSY;
	if (err) {
		holdfast_region_release(&own->region);
		kfree(own);
	}
	return err;
}

/* Bytes that are there from a position on, not more than @count. */
static size_t within(const struct attachment *own, loff_t position, size_t count)
{
	if (position >= own->region.size)
		return 0;
	return min_t(u64, count, own->region.size - position);
}

/**
 * holdfast_attach_read() - file_operations.read
 * @file: owns a range
 * @to: where the bytes go
 * @count: how many
 * @position: where in the range, in bytes; moves on
 *
 * Return: how many bytes were read, 0 at the end, -EINVAL without a range,
 * -EFAULT.
 */
ssize_t holdfast_attach_read(struct file *file, char __user *to, size_t count,
			     loff_t *position)
{
	const struct attachment *own = attached(file);
	size_t done = 0;

	if (!own || *position < 0)
		return -EINVAL;
	count = within(own, *position, count);
	while (done < count) {
		size_t part = min(count - done, CHUNK);
		size_t left = copy_to_user(to + done,
					   holdfast_region_at(&own->region,
							      *position + done),
					   part);

		done += part - left;
		if (left && !done)
			return -EFAULT;
		if (left || signal_pending(current))
			break;
		cond_resched();
	}
	*position += done;
	return done;
}

/**
 * holdfast_attach_write() - file_operations.write
 * @file: owns a range
 * @from: where the bytes are
 * @count: how many
 * @position: where in the range, in bytes; moves on
 *
 * Return: how many bytes were written, -ENOSPC at the end, -EINVAL without a
 * range, -EROFS if it was not attached for writing, -EFAULT.
 */
ssize_t holdfast_attach_write(struct file *file, const char __user *from,
			      size_t count, loff_t *position)
{
	const struct attachment *own = attached(file);
	size_t done = 0;

	if (!own || *position < 0)
		return -EINVAL;
	if (!own->writable)
		return -EROFS;
	if (count && !within(own, *position, count))
		return -ENOSPC;
	count = within(own, *position, count);
	while (done < count) {
		size_t part = min(count - done, CHUNK);
		size_t left = copy_from_user(holdfast_region_at(&own->region,
								*position + done),
					     from + done, part);

		done += part - left;
		if (left && !done)
			return -EFAULT;
		if (left || signal_pending(current))
			break;
		cond_resched();
	}
	/* A commit is several writes, whose order is all that protects it. */
	smp_wmb();
	*position += done;
	return done;
}

/**
 * holdfast_attach_seek() - file_operations.llseek
 * @file: owns a range
 * @offset: how far, in bytes
 * @whence: from where
 *
 * Return: the position, or -EINVAL without a range or outside of it.
 */
loff_t holdfast_attach_seek(struct file *file, loff_t offset, int whence)
{
	const struct attachment *own = attached(file);

	if (!own)
		return -EINVAL;
	return fixed_size_llseek(file, offset, whence, own->region.size);
}

/**
 * holdfast_attach_release() - file_operations.release
 * @inode: the device
 * @file: gives its range up, if it owns one
 *
 * Return: 0.
 */
int holdfast_attach_release(struct inode *inode, struct file *file)
{
	struct attachment *own = attached(file);

	if (own) {
		holdfast_region_release(&own->region);
		kfree(own);
	}
	return 0;
}
</#if>
