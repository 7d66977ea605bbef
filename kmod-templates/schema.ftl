<#--
  SPDX-License-Identifier: GPL-2.0-only

  Things of the schema as C.
-->
<#macro comment text>
<#local lines = c.comment(text)>
<#if lines?size == 1 && lines[0]?length <= 74>
/* ${lines[0]} */
<#else>
/*
<@starred lines/>
 */
</#if>
</#macro>
<#macro starred lines>
<#list lines as line>
 *${line?has_content?then(" ", "")}${line}
</#list>
</#macro>
<#macro constants list>
<#list list as constant>

<@comment constant.doc/>
#define ${c.macro(constant.name)}	${c.literal(constant)}
</#list>
</#macro>
<#macro enumeration enum>

/**
<@starred c.item("enum " + c.type(enum.name) + " - " + enum.doc)/>
<#list enum.values as value>
<@starred c.item("@" + c.macro(enum.name + "_" + value.name) + ": " + value.doc)/>
</#list>
 */
enum ${c.type(enum.name)} {
<#list enum.values as value>
	${c.macro(enum.name + "_" + value.name)} = ${value.value},
</#list>
};
</#macro>
<#macro flags set>

<@comment c.macro(set.name) + "_*: " + set.doc/>
<#list set.bits as flag>

<@comment flag.doc/>
#define ${c.macro(set.name + "_" + flag.name)}	${c.mask(set.type, flag.mask())}
</#list>

/* All of them. */
#define ${c.macro(set.name + "_known")}	${c.mask(set.type, set.known())}
</#macro>
<#macro structure struct>
<#local name = c.type(struct.name)>

/**
<@starred c.item("struct " + name + " - " + c.summary(struct.doc))/>
<#list struct.fields as field>
<@starred c.item("@" + field.name + ": " + field.doc)/>
</#list>
<#if c.details(struct.doc)?has_content>
 *
<@starred c.comment(c.details(struct.doc))/>
</#if>
 */
struct ${name} {
<#list struct.fields as field>
	${c.declaration(struct, field)};
</#list>
};
</#macro>
