/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
<#include "/schema.ftl">
<#assign control = schema.unit("control")>
#ifndef _UAPI_LINUX_HOLDFAST_H
#define _UAPI_LINUX_HOLDFAST_H

#include <linux/ioctl.h>
#include <linux/types.h>

/**
 * DOC: Control interface
 *
<@starred c.comment(control.doc)/>
 *
 * Errors mean:
 *
<#list control.errors as error>
<@starred c.item("* " + error.errno + ": " + error.doc)/>
</#list>
 */
<@constants control.constants/>
<#list control.enums as enum>
<@enumeration enum/>
</#list>
<#list control.flags as set>
<@flags set/>
</#list>
<#list control.structs as struct>
<@structure struct/>
</#list>
<#list control.ioctls as ioctl>

<@comment ioctl.doc/>
#define ${c.macro("ioc_" + ioctl.name)} \
	${ioctl.direction.macro()}(0x${c.hex(ioctl.magic)}, ${ioctl.number}, struct ${c.type(ioctl.struct.name)})
</#list>

#endif
