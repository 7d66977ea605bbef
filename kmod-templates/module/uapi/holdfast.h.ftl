/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
<#include "/schema.ftl">
<#assign control = schema.unit("control")>
<#assign device = schema.unit("device")>
<#assign units = options.has("raw-device")?then([control, device], [control])>
#ifndef _UAPI_LINUX_HOLDFAST_H
#define _UAPI_LINUX_HOLDFAST_H

#include <linux/ioctl.h>
#include <linux/types.h>

/**
 * DOC: Control interface
 *
<@starred c.comment(control.doc)/>
<#if options.has("raw-device")>
 *
<@starred c.comment(device.doc)/>
</#if>
 *
 * Errors mean:
 *
<#list units as unit>
<#list unit.errors as error>
<@starred c.item("* " + error.errno + ": " + error.doc)/>
</#list>
</#list>
 */
<#list units as unit>
<@constants unit.constants/>
<#list unit.enums as enum>
<@enumeration enum/>
</#list>
<#list unit.flags as set>
<@flags set/>
</#list>
<#list unit.structs as struct>
<@structure struct/>
</#list>
<#list unit.ioctls as ioctl>

<@comment ioctl.doc/>
#define ${c.macro("ioc_" + ioctl.name)} \
	${ioctl.direction.macro()}(0x${c.hex(ioctl.magic)}, ${ioctl.number}, struct ${c.type(ioctl.struct.name)})
</#list>
</#list>

#endif
