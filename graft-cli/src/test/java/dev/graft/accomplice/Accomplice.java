package dev.graft.accomplice;

import dev.graft.offender.Offender;

/** The other half of the cycle that {@link Offender} is in. */
public record Accomplice(Offender friend) {}
