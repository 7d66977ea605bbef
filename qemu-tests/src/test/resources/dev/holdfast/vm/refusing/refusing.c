// SPDX-License-Identifier: GPL-2.0-only
/* Refuses to be loaded. */

#include <linux/module.h>

static int __init refuse(void)
{
	return -ENODEV;
}
module_init(refuse);

MODULE_DESCRIPTION("Refuses to be loaded");
MODULE_LICENSE("GPL");
