package dev.weir.bus;

/**
 * What a producer gets for an event that was accepted.
 *
 * @param id the event's id, made up when the producer gave none
 */
public record Receipt(String id) {}
