namespace NetLab.Core.IoModels;

/// <summary>One message that is sent to every model.</summary>
/// <param name="At">When, counted from the beginning of the race.</param>
/// <param name="Bytes">How long it is.</param>
/// <param name="Place">Which of a model's descriptors it comes on, from 0; taken round where there are fewer.</param>
public readonly record struct Arrival(Duration At, int Bytes, int Place);
