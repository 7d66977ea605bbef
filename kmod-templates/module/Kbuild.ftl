<#if !layout.inTree()>
# SPDX-License-Identifier: GPL-2.0-only

obj-m := holdfast.o

<#include "/objects.ftl">
</#if>
