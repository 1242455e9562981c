using NetLab.Core.Scripts;

namespace NetLab.Core.Session;

/// <summary>What each actor sent and received, for the expectations: how much, and the first 64 KiB of it.</summary>
internal sealed class ActorBytes(NameTable names)
{
    private const int Kept = 64 * 1024;
    private readonly Dictionary<(string Actor, Direction Direction), (long Count, MemoryStream Bytes)> _moved = [];

    /// <summary>By actor and direction.</summary>
    public IReadOnlyDictionary<(string Actor, Direction Direction), ObservedBytes> ByActor =>
        _moved.ToDictionary(entry => entry.Key, entry => new ObservedBytes(entry.Value.Count, entry.Value.Bytes.ToArray()));

    public void Fold(in LabEvent entry, EventReference reference, ReadOnlySpan<byte> data)
    {
        if (entry.Kind != EventKind.Bytes || entry.Actor.IsNone)
            return;
        var key = (names[entry.Actor], entry.Detail.Bytes.Direction);
        var (count, bytes) = _moved.TryGetValue(key, out var before) ? before : (0, new MemoryStream());
        bytes.Write(data[..Math.Min(data.Length, Kept - (int)bytes.Length)]);
        _moved[key] = (count + entry.Detail.Bytes.Length, bytes);
    }
}
