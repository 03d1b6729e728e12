package dev.graft.transfer;

/** What decides what the settings leave open. */
public enum Recipe {
    /** The advice: by how many pictures there are, and how far they are from what the backbone knows. */
    AUTO,
    /** The head alone, on the frozen backbone. */
    HEAD,
    /** The head, then the last stages with it. */
    LAST,
    /** The head, then the whole backbone with it. */
    FULL,
    /**
     * What tutorials do: a head trained for some epochs, then the last stages with one rate; the best epoch is kept.
     */
    CLASSIC
}
