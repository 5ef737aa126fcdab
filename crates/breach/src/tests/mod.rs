mod promise;
mod stories;
mod wire;
