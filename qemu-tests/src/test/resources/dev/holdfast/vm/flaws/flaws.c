// SPDX-License-Identifier: GPL-2.0-only
/*
 * Defects of the kinds that a debug kernel is there to find, on demand, so that
 * it can be seen to find them:
 *
 *     echo leak >/sys/module/flaws/parameters/commit
 */

#include <linux/debug_locks.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);

/* Volatile, or the compiler sees what is wrong and makes something else of it. */
static volatile unsigned int index = 8;
static unsigned char table[8];

static void use_after_free(void)
{
	volatile char *memory = kmalloc(64, GFP_KERNEL);

	if (!memory)
		return;
	kfree((void *)memory);
	memory[3] = 1;
}

static void out_of_bounds(void)
{
	table[index] = 1;
}

/* Several: the address of one may linger somewhere, and it is not lost then. */
static void leak(void)
{
	void *volatile memory;
	int i;

	for (i = 0; i < 32; i++)
		memory = kmalloc(64, GFP_KERNEL);
	memory = NULL;
}

/* Each order alone is fine, and nothing ever waits: only lockdep can tell. */
static void abba(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);

	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static void sleep_in_atomic(void)
{
	preempt_disable();
	might_sleep();
	preempt_enable();
}

static int commit(const char *value, const struct kernel_param *param)
{
	if (sysfs_streq(value, "use-after-free"))
		use_after_free();
	else if (sysfs_streq(value, "out-of-bounds"))
		out_of_bounds();
	else if (sysfs_streq(value, "leak"))
		leak();
	else if (sysfs_streq(value, "abba"))
		abba();
	else if (sysfs_streq(value, "sleep-in-atomic"))
		sleep_in_atomic();
	else if (sysfs_streq(value, "lockdep-off"))
		debug_locks_off();
	else
		return -EINVAL;
	return 0;
}

static const struct kernel_param_ops commit_ops = {
	.set = commit,
};

module_param_cb(commit, &commit_ops, NULL, 0200);
MODULE_PARM_DESC(commit, "which defect");

MODULE_DESCRIPTION("Defects on demand");
MODULE_LICENSE("GPL");
