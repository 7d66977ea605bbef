<#include "/idioms.ftl">
// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holdfast keeps the memory of virtual machines in place while the kernel under
 * it is replaced by kexec: a file system over physical memory that the kernel
 * was told to leave alone, rebuilt from what it finds there.
 */
#include <linux/module.h>

#include "vfs.h"

static int __init holdfast_init(void)
{
	int err;

	err = holdfast_inode_cache_create();
	if (err)
		return err;
	err = holdfast_sysfs_create();
	if (err)
		goto destroy_cache;
<#if devicePages>
	err = holdfast_quarantine_create();
	if (err)
		goto destroy_sysfs;
</#if>
	err = register_filesystem(&holdfast_type);
	if (err)
		goto ${devicePages?then("destroy_quarantine", "destroy_sysfs")};
<#if options.has("raw-device")>
	err = holdfast_device_create();
	if (err)
		goto unregister;
</#if>
	return 0;

<#if options.has("raw-device")>
unregister:
	unregister_filesystem(&holdfast_type);
</#if>
<#if devicePages>
destroy_quarantine:
	holdfast_quarantine_destroy();
</#if>
destroy_sysfs:
	holdfast_sysfs_destroy();
destroy_cache:
	holdfast_inode_cache_destroy();
	return err;
}
module_init(holdfast_init);

static void __exit holdfast_exit(void)
{
<#if options.has("raw-device")>
	holdfast_device_destroy();
</#if>
	unregister_filesystem(&holdfast_type);
<#if devicePages>
	holdfast_quarantine_destroy();
</#if>
	holdfast_sysfs_destroy();
	holdfast_inode_cache_destroy();
}
module_exit(holdfast_exit);

MODULE_DESCRIPTION("Memory that stays in place over kexec");
MODULE_AUTHOR("The Holdfast authors");
MODULE_LICENSE("GPL");

/* What this module reads and writes, for those who look before they load it. */
<#list schema.unit("format").modinfo as statement>
MODULE_INFO(${statement.key()}, "${statement.value}");
</#list>
