// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.junit;

import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.VmBuilder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Does to a builder what {@link Machine} says. */
final class MachineSetup {

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,6})([MG])");

    private MachineSetup() {}

    static void apply(Machine machine, VmBuilder builder) {
        if (!machine.memory().isEmpty()) {
            builder.memory(bytes(machine.memory()));
        }
        if (machine.processors() != 0) {
            builder.processors(machine.processors());
        }
        if (!machine.commandLine().isEmpty()) {
            builder.commandLine(machine.commandLine());
        }
        for (String device : machine.devices()) {
            builder.device(device);
        }
        if (!machine.holdfast()) {
            builder.withoutHoldfast();
        }
    }

    static long bytes(String size) {
        Matcher words = SIZE.matcher(size);
        if (!words.matches()) {
            throw new HarnessException("@Machine(memory = \"" + size + "\"): write it as 512M or 2G");
        }
        return Long.parseLong(words.group(1)) << (words.group(2).equals("G") ? 30 : 20);
    }
}
