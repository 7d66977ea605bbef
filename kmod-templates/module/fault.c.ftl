<#if options.has("fault-injection")>
// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stops the machine in the middle of a commit, for tests: parameter stop_after
 * counts down with every step of a commit, and the kernel panics at zero.
 *
 * A step is a store or a barrier of those that the format counts on being in
 * order. The parameters are in /sys/module/holdfast/parameters.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/panic.h>
#include <linux/sysfs.h>

#include "format_env.h"

static atomic_t steps_done;
static atomic_t steps_left;

static int set_steps(const char *value, const struct kernel_param *parameter)
{
	unsigned int steps;
	int err;

	err = kstrtouint(value, 0, &steps);
	if (err)
		return err;
	if (steps > INT_MAX)
		return -ERANGE;
	atomic_set(parameter->arg, steps);
	return 0;
}

static int get_steps(char *text, const struct kernel_param *parameter)
{
	return sysfs_emit(text, "%d\n", atomic_read(parameter->arg));
}

static const struct kernel_param_ops step_operations = {
	.set	= set_steps,
	.get	= get_steps,
};

module_param_cb(stop_after, &step_operations, &steps_left, 0600);
MODULE_PARM_DESC(stop_after, "Panic after so many steps of commits; 0: never");
module_param_cb(steps, &step_operations, &steps_done, 0600);
MODULE_PARM_DESC(steps, "Steps of commits that were done");

/**
 * holdfast_fault_step() - a step of a commit is done
 */
void holdfast_fault_step(void)
{
	atomic_inc(&steps_done);
	if (!atomic_dec_if_positive(&steps_left))
		panic("holdfast: stopped after %d steps, as stop_after says\n",
		      atomic_read(&steps_done));
}
</#if>
