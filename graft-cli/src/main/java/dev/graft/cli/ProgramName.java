package dev.graft.cli;

/** What the user types to start Graft. */
final class ProgramName {
    private ProgramName() {}

    /** {@code graft}, or the way by which the script was called: {@code ./graft}. */
    static String get() {
        return System.getProperty("graft.command", "graft");
    }
}
