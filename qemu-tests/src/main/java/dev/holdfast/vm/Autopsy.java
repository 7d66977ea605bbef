// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import dev.holdfast.vm.guest.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Looks at a VM whose test has failed: keeps what is still to be had of it, and holds it for gdb if that is wanted. */
final class Autopsy {

    static final String DMESG = "dmesg.txt";
    static final String REGION = "region.bin";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Vm vm;
    private final VmBuilder setup;
    private final Session session;

    Autopsy(Vm vm, VmBuilder setup, Session session) {
        this.vm = vm;
        this.setup = setup;
        this.session = session;
    }

    void perform() throws IOException {
        Map<Path, String> modules = new LinkedHashMap<>();
        if (session.isRunning() && answers()) {
            setup.modules().forEach(module -> modules.put(module, codeAddress(module)));
        }
        if (setup.onFailure().snapshot() && session.isRunning()) {
            vm.memory().save(setup.region(), setup.results().resolve(REGION));
        }
        if (setup.onFailure().debug() && session.isRunning()) {
            hold(setup, session, vm.boot().release(), modules);
        }
    }

    /** Whether the guest still answers. Its first answer is its dmesg, which is kept. */
    private boolean answers() throws IOException {
        try {
            Files.writeString(setup.results().resolve(DMESG), inside("dmesg").stdout() + "\n");
            return true;
        } catch (VmFailure e) {
            setup.report().say("no dmesg, the VM does not answer any more: " + e.what());
            return false;
        }
    }

    private String codeAddress(Path module) {
        String name = module.getFileName().toString().replace(".ko", "").replace('-', '_');
        try {
            return inside("cat /sys/module/" + name + "/sections/.text").stdout();
        } catch (VmFailure e) {
            return "";
        }
    }

    private Shell.Output inside(String command) {
        Duration deadline = setup.deadlines().scaled(PATIENCE);
        return vm.run(Shell.class, new Shell.Args(command, deadline.toMillis()), deadline);
    }

    /** Stops a VM, says how to debug it, and waits until somebody ends it. */
    static void hold(VmBuilder setup, Session session, String release, Map<Path, String> modules) throws IOException {
        session.qemu().protocol().execute("stop", Map.of());
        setup.report().say(setup.name() + " has failed; its VM has stopped and waits for gdb:");
        setup.debugging()
                .of(release, modules)
                .instructions(session.qemu().pid())
                .forEach(setup.report()::say);
        session.qemu().onExit().join();
    }
}
