/* SPDX-License-Identifier: GPL-2.0-only */
<#include "/schema.ftl">
<#assign format = schema.unit("format")>
#ifndef HOLDFAST_FORMAT_H
#define HOLDFAST_FORMAT_H

#include "format_env.h"

/**
 * DOC: Region format
 *
<@starred c.comment(format.doc)/>
 */
<@constants format.constants/>
<#list format.enums as enum>
<@enumeration enum/>
</#list>
<#list format.flags as set>
<@flags set/>
</#list>
<#list format.structs as struct>
<@structure struct/>

static_assert(sizeof(struct ${c.type(struct.name)}) == ${struct.size});
<#list struct.fields as field>
static_assert(offsetof(struct ${c.type(struct.name)}, ${field.name}) == ${field.offset});
</#list>
</#list>

#endif
