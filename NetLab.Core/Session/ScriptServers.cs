using NetLab.Core.Peers;
using NetLab.Core.Scripts;

namespace NetLab.Core.Session;

/// <summary>The servers that a script has beside its actors, while it runs: their files lie in a folder of their own, which is taken away with them.</summary>
internal sealed class ScriptServers : IDisposable
{
    private readonly List<Peer> _peers = [];
    private readonly List<string> _folders = [];

    private ScriptServers()
    {
    }

    /// <summary>Starts all of a script's; they listen when this returns.</summary>
    /// <param name="script">The script.</param>
    /// <param name="journal">Where their bytes go.</param>
    /// <param name="clock">The kernel's clock.</param>
    /// <param name="failure">Why one could not start; the others are stopped then.</param>
    public static ScriptServers Start(Script script, Journal journal, Func<Timestamp> clock, out RunFailure? failure)
    {
        var servers = new ScriptServers();
        failure = null;
        if (script.Servers.IsEmpty)
            return servers;
        var recorder = new PeerRecorder(journal, clock, "script servers");
        foreach (var server in script.Servers)
        {
            var refusal = servers.Add(server, recorder);
            if (refusal is null)
                continue;
            failure = new RunFailure(server.Kind, server.Line, $"{script.File}:{server.Line}: {server.Kind}: {refusal.What}");
            servers.Dispose();
            break;
        }

        return servers;
    }

    /// <summary>Stops them; returns when nothing of them is left.</summary>
    public void Dispose()
    {
        foreach (var peer in _peers)
            peer.Dispose();
        foreach (string folder in _folders)
            Directory.Delete(folder, recursive: true);
        _peers.Clear();
        _folders.Clear();
    }

    private PeerRefusal? Add(ScriptServer server, PeerRecorder recorder)
    {
        try
        {
            string folder = Directory.CreateTempSubdirectory("netlab-serve-").FullName;
            _folders.Add(folder);
            foreach (var file in server.Files)
            {
                using var written = File.Create(Path.Combine(folder, file.Name));
                written.Write(file.Bytes.Span);
            }

            var peer = Peer.Create(new PeerSpecification(KindOf(server), server.Address.Address.ToString(), server.Address.Port) { Root = folder }, recorder);
            _peers.Add(peer);
            return peer.Start();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return new PeerRefusal(PeerObstacle.NotPermitted, $"Its files can't be written: {refused.Message}");
        }
    }

    private static PeerKind KindOf(ScriptServer server) => server.Kind switch
    {
        "http" => PeerKind.Http,
        _ => throw new ArgumentOutOfRangeException(nameof(server)),
    };
}
