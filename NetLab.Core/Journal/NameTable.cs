using System.Collections.Concurrent;

namespace NetLab.Core;

/// <summary>A name (an actor's, a process's, a file's) as a number that fits into an event. 0 is "no name".</summary>
/// <param name="Index">The place in the <see cref="NameTable"/> that made it.</param>
public readonly record struct NameId(ushort Index)
{
    /// <summary>Whether there is no name.</summary>
    public bool IsNone => Index == 0;
}

/// <summary>
/// The names that events refer to. It is bounded: after 65,534 different names every further one is "…", so that a machine with endless new
/// process names cannot grow NetLab. Safe for many threads.
/// </summary>
public sealed class NameTable
{
    private const int Bound = ushort.MaxValue;
    private readonly ConcurrentDictionary<string, NameId> _ids = new();
    private readonly Lock _gate = new();
    private string[] _names = new string[64];
    private int _count = 2;

    /// <summary>An empty table.</summary>
    public NameTable() => (_names[0], _names[1]) = ("", "…");

    /// <summary>The name's number; a new one where the name is new.</summary>
    public NameId Intern(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0)
            return default;
        return _ids.TryGetValue(name, out var known) ? known : Add(name);
    }

    /// <summary>The same for a name in a buffer; allocates only when it is new.</summary>
    public NameId Intern(ReadOnlySpan<char> name) =>
        name.IsEmpty ? default
        : _ids.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var known) ? known
        : Add(name.ToString());

    /// <summary>The name of a number; empty for none.</summary>
    public string this[NameId id]
    {
        get
        {
            var names = Volatile.Read(ref _names);
            return id.Index < names.Length ? names[id.Index] ?? "" : "";
        }
    }

    private NameId Add(string name)
    {
        lock (_gate)
        {
            if (_ids.TryGetValue(name, out var known))
                return known;
            if (_count == Bound)
                return new NameId(1);
            if (_count == _names.Length)
            {
                var larger = new string[Math.Min(Bound, _names.Length * 2)];
                _names.CopyTo(larger, 0);
                Volatile.Write(ref _names, larger);
            }

            _names[_count] = name;
            var id = new NameId((ushort)_count++);
            _ids[name] = id;
            return id;
        }
    }
}
