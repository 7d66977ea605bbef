# SPDX-License-Identifier: GPL-2.0-only

<#if layout.inTree()>
obj-$(CONFIG_HOLDFAST_FS) += holdfast.o

<#include "/objects.ftl">
<#else>
KDIR ?= /lib/modules/$(shell uname -r)/build

all: modules

modules modules_install clean:
	$(MAKE) -C $(KDIR) M=$(CURDIR) $@

.PHONY: all modules modules_install clean
</#if>
