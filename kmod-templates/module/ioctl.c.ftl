// SPDX-License-Identifier: GPL-2.0-only
#include <linux/fs.h>

#include ${layout.uapi()}
#include "vfs.h"

/**
 * holdfast_ioctl() - file_operations.unlocked_ioctl
 * @file: any file or directory of the region
 * @command: the ioctl
 * @argument: address of its struct in user space
 *
 * Return: 0 or a negative errno.
 */
long holdfast_ioctl(struct file *file, unsigned int command,
		    unsigned long argument)
{
	void __user *user = (void __user *)argument;

	switch (command) {
	case HOLDFAST_IOC_REGION_INFO:
		return holdfast_info(file, user);
	case HOLDFAST_IOC_PAGE_SIZE:
		return holdfast_page_size_ioctl(file, user);
	case HOLDFAST_IOC_LAYOUT:
		return holdfast_layout(file, user);
	case HOLDFAST_IOC_UPGRADE:
		return holdfast_upgrade(file, user);
	case HOLDFAST_IOC_LIMIT:
		return holdfast_limit(file, user);
	case HOLDFAST_IOC_RETIRE:
		return holdfast_retire(file, user);
	case HOLDFAST_IOC_ADD_RANGE:
		return holdfast_add_range(file, user);
	case HOLDFAST_IOC_PLACEMENT:
		return holdfast_placement_ioctl(file, user);
	case HOLDFAST_IOC_RANGE:
		return holdfast_range(file, user);
	default:
		return -ENOTTY;
	}
}
