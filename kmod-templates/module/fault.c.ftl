<#if options.has("fault-injection")>
// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stops in the middle of a commit, for tests. A step is a store or a barrier of
 * those that the format counts on being in order.
 *
 * stop_after counts down with every step, whoever does it, and the kernel
 * panics at zero. park_after does so for the thread that writes it, and that
 * thread stops for ever, with what it holds, while the machine goes on: many
 * regions can be brought to a stop, each at another step, before one panic or
 * kexec leaves all of them as they are. A shell parks what it becomes:
 * "echo 7 >park_after; exec rm file". The parameters are in
 * /sys/module/holdfast/parameters.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/panic.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/sysfs.h>

#include "format_env.h"

#define ARMED_MAX	16

/**
 * struct armed - a thread that will park
 * @thread: its number
 * @steps: how many steps it has left; 0: the entry is free
 */
struct armed {
	pid_t thread;
	unsigned int steps;
};

static atomic_t steps_done;
static atomic_t steps_left;
static atomic_t threads_parked;
static struct armed armed[ARMED_MAX];
static DEFINE_SPINLOCK(armed_lock);

static int parse_steps(const char *value, unsigned int *steps)
{
	int err = kstrtouint(value, 0, steps);

	return err ?: *steps > INT_MAX ? -ERANGE : 0;
}

static int set_steps(const char *value, const struct kernel_param *parameter)
{
	unsigned int steps;
	int err;

	err = parse_steps(value, &steps);
	if (err)
		return err;
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

/* Entry of a thread, or of none, which number 0 stands for. */
static struct armed *find_armed(pid_t thread)
{
	int i;

	for (i = 0; i < ARMED_MAX; i++) {
		pid_t owner = armed[i].steps ? armed[i].thread : 0;

		if (owner == thread)
			return &armed[i];
	}
	return NULL;
}

static int arm(const char *value, const struct kernel_param *parameter)
{
	pid_t self = task_pid_nr(current);
	struct armed *entry;
	unsigned int steps;
	int err;

	err = parse_steps(value, &steps);
	if (err)
		return err;
	spin_lock(&armed_lock);
	entry = find_armed(self) ?: find_armed(0);
	if (entry)
		*entry = (struct armed) { .thread = self, .steps = steps };
	spin_unlock(&armed_lock);
	return entry ? 0 : -EBUSY;
}

static int get_armed(char *text, const struct kernel_param *parameter)
{
	struct armed *entry;
	unsigned int steps;

	spin_lock(&armed_lock);
	entry = find_armed(task_pid_nr(current));
	steps = entry ? entry->steps : 0;
	spin_unlock(&armed_lock);
	return sysfs_emit(text, "%u\n", steps);
}

static const struct kernel_param_ops arm_operations = {
	.set	= arm,
	.get	= get_armed,
};

module_param_cb(park_after, &arm_operations, NULL, 0600);
MODULE_PARM_DESC(park_after, "Park the thread that writes this after so many steps of its own; 0: never");
module_param_cb(parked, &step_operations, &threads_parked, 0400);
MODULE_PARM_DESC(parked, "Threads that are parked");
module_param_cb(stop_after, &step_operations, &steps_left, 0600);
MODULE_PARM_DESC(stop_after, "Panic after so many steps of commits; 0: never");
module_param_cb(steps, &step_operations, &steps_done, 0600);
MODULE_PARM_DESC(steps, "Steps of commits that were done");

/* Was this the last step of the thread? */
static bool runs_out(void)
{
	struct armed *entry;
	bool last;

	spin_lock(&armed_lock);
	entry = find_armed(task_pid_nr(current));
	last = entry && !--entry->steps;
	spin_unlock(&armed_lock);
	return last;
}

static void __noreturn park(void)
{
	atomic_inc(&threads_parked);
	for (;;) {
		/* Not a hung task: it waits for nothing. */
		set_current_state(TASK_IDLE);
		schedule();
	}
}

/**
 * holdfast_fault_step() - a step of a commit is done
 */
void holdfast_fault_step(void)
{
	atomic_inc(&steps_done);
	if (!atomic_dec_if_positive(&steps_left))
		panic("holdfast: stopped after %d steps, as stop_after says\n",
		      atomic_read(&steps_done));
	if (runs_out())
		park();
}
</#if>
