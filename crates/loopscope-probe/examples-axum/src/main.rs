//! An axum server with the one line, and with a layer that tells its requests:
//!
//! ```sh
//! cd crates/loopscope-probe/examples-axum
//! loopscope watch -- cargo run
//! curl http://127.0.0.1:8000/blocks & curl http://127.0.0.1:8000/items/7
//! ```

use std::thread;
use std::time::Duration;

use axum::Router;
use axum::extract::{MatchedPath, Path};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

fn main() -> std::io::Result<()> {
    loopscope_probe::install();
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).enable_all();
    loopscope_probe::watch_threads(&mut builder);
    builder.build()?.block_on(serve())
}

async fn serve() -> std::io::Result<()> {
    let requests = loopscope_probe::layer()
        .route(|extensions| Some(extensions.get::<MatchedPath>()?.as_str().to_owned()));
    let router = Router::new()
        .route("/blocks", get(blocks))
        .route("/pool", get(pool))
        .route("/items/{id}", get(item))
        .route_layer(requests);
    let listener = TcpListener::bind("127.0.0.1:8000").await?;
    axum::serve(listener, router).await
}

/// Holds its worker.
async fn blocks() -> &'static str {
    thread::sleep(Duration::from_millis(500));
    "done"
}

/// The same on the pool.
async fn pool() -> &'static str {
    let _ = spawn_blocking(|| thread::sleep(Duration::from_millis(500))).await;
    "done"
}

async fn item(Path(id): Path<u32>) -> String {
    sleep(Duration::from_millis(50)).await;
    format!("item {id}")
}
