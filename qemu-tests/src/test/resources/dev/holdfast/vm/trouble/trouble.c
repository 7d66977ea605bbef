// SPDX-License-Identifier: GPL-2.0-only
/*
 * Causes trouble on demand, so that the harness can be seen to notice it:
 *
 *     echo oops >/sys/module/trouble/parameters/cause
 */

#include <linux/bug.h>
#include <linux/irqflags.h>
#include <linux/module.h>
#include <linux/processor.h>
#include <linux/string.h>

static int cause(const char *value, const struct kernel_param *param)
{
	if (sysfs_streq(value, "oops")) {
		*(int *)NULL = 1;
	} else if (sysfs_streq(value, "warning")) {
		WARN(1, "trouble: a warning on demand\n");
	} else if (sysfs_streq(value, "bug")) {
		BUG();
	} else if (sysfs_streq(value, "hang")) {
		local_irq_disable();
		for (;;)
			cpu_relax();
	} else {
		return -EINVAL;
	}
	return 0;
}

static const struct kernel_param_ops cause_ops = {
	.set = cause,
};

module_param_cb(cause, &cause_ops, NULL, 0200);
MODULE_PARM_DESC(cause, "oops, warning, bug or hang");

MODULE_DESCRIPTION("Trouble on demand");
MODULE_LICENSE("GPL");
