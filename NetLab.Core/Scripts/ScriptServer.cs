using System.Collections.Immutable;

namespace NetLab.Core.Scripts;

/// <summary>A file that a script's server gives out.</summary>
/// <param name="Name">Its name, without a folder.</param>
/// <param name="Bytes">What is in it.</param>
public sealed record ServedFile(string Name, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// A server of NetLab's own that runs beside the actors: <c>serve http 127.0.0.1:8000</c>. It listens before the first actor starts and goes after the
/// verdict. In expectations its sockets are called listener, connection, connection.2, as an actor's would be.
/// </summary>
/// <param name="Name">Its name beside the actors: its kind, where the script gives none.</param>
/// <param name="Kind">What it does, one of <see cref="Kinds"/>.</param>
/// <param name="Address">Where it listens; port 0 takes a free one, and <c>connect NAME.listener</c> finds it.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Files">What an http server gives out.</param>
public sealed record ScriptServer(string Name, string Kind, Endpoint Address, int Line, ImmutableArray<ServedFile> Files)
{
    /// <summary>The one kind that has files.</summary>
    public const string Http = "http";

    /// <summary>The socket to whose address an actor may connect.</summary>
    public const string Listener = "listener";

    /// <summary>The sockets that it accepts; the second is "connection.2".</summary>
    public const string Connection = "connection";

    /// <summary>What there is to serve.</summary>
    public static ImmutableArray<string> Kinds { get; } = ["hello", "framed", "echo", "discard", "chargen", "udp-echo", Http];

    /// <summary>The lines that make one and what each says, for the reference page.</summary>
    public static IReadOnlyList<(string Grammar, string Does)> Forms { get; } =
    [
        ("serve KIND ADDRESS [as NAME]",
            $"One of NetLab's own servers: {Grammar.Or(Kinds)}. It listens before the first actor begins and ends after the verdict; its bytes are in the journal as those " +
            "of the actors. Its name is its kind (the second one's `http2`) unless another is given; expectations call its sockets `NAME.listener`, `NAME.connection`, " +
            "`NAME.connection.2`. With port 0 it takes a free port, and `connect NAME.listener` finds it."),
        ("file NAME TEXT [times COUNT]", "Below `serve http`: a file that it serves."),
    ];
}
